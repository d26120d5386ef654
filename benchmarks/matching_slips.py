"""
What people, forms and providers do to a name, a date or a code: the raw material of the queries.

Written from the public facts (keyboards, forms, the public dataset of communes), not from the
product's own comparison, so that the product is judged by something else than itself. Every slip
takes what would be sent and a source of randomness, and returns what is sent instead, or None
when this person gives no occasion for it.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import NamedTuple

from broker.cog.table import communes, relations
from broker.insured.matching.records import RegistryRecord
from providers.identity import Gender, PartialDate, PivotIdentity

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = {"A": "ÀÂÄ", "E": "ÉÈÊË", "I": "ÎÏ", "O": "ÔÖ", "U": "ÙÛÜ", "C": "Ç", "N": "Ñ", "Y": "Ÿ"}
SEPARATORS = (" ", "-", "--", " - ", "'", "\u2019")
ALGERIA, MOROCCO, TUNISIA = "99352", "99350", "99351"
OLD_DEPARTMENTS = {ALGERIA: ("91", "92", "93", "94"), MOROCCO: ("95",), TUNISIA: ("96",)}
INDEPENDENCE = {ALGERIA: 19620705, MOROCCO: 19560302, TUNISIA: 19560320}


class Sent(NamedTuple):
    """What a provider is about to send; `array` tells whether first names come as a list."""

    family: str
    given: tuple[str, ...]
    born: PartialDate
    gender: Gender
    place: str | None
    country: str
    usage: str | None = None
    array: bool = True

    def identity(self) -> PivotIdentity:
        """The pivot identity that crosses to the broker."""
        given = self.given if self.array else tuple(" ".join(self.given).split())
        return PivotIdentity(
            self.family,
            given,
            self.born,
            self.gender,
            self.place,
            self.country,
            usage_name=self.usage,
            tokens_given=self.array,
        )


Slip = Callable[[Sent, RegistryRecord, Random], Sent | None]


def as_registered(record: RegistryRecord, chance: Random) -> Sent:
    """The traits letter for letter; half of the providers send no array, where none is needed."""
    array = any(" " in name for name in record.given_names) or chance.random() < 0.5
    return Sent(
        record.family_name,
        record.given_names,
        record.birthdate,
        record.gender,
        record.birthplace,
        record.birthcountry,
        array=array,
    )


@lru_cache(maxsize=1 << 16)
def plain(name: str) -> str:
    """The letters of a name alone, for telling whether a slip changed any."""
    return re.sub("[^A-Z]", "", _unaccented(name.upper()))


@lru_cache(maxsize=1 << 16)
def _unaccented(name: str) -> str:
    whole = name.replace("Œ", "OE").replace("Æ", "AE")
    return "".join(c for c in unicodedata.normalize("NFD", whole) if not unicodedata.combining(c))


# --- slips that change no letter ------------------------------------------------------------------


def other_keyboard(sent: Sent, _record: RegistryRecord, chance: Random) -> Sent:
    """Case, accents, ligatures, the typographic apostrophe."""
    family = _retyped(sent.family, chance)
    return sent._replace(family=family, given=tuple(_retyped(one, chance) for one in sent.given))


def _retyped(name: str, chance: Random) -> str:
    letters = _unaccented(name.upper()).replace("'", "\u2019")
    if chance.random() < 0.5:
        letters = letters.replace("OE", "Œ").replace("AE", "Æ")
    accented = "".join(
        chance.choice(ACCENTED[c]) if c in ACCENTED and chance.random() < 0.3 else c
        for c in letters
    )
    return chance.choice((str.upper, str.lower, str.title))(accented)


def other_separator(sent: Sent, _record: RegistryRecord, chance: Random) -> Sent | None:
    """Hyphen, blank, double hyphen, apostrophe or nothing; SAINT written ST."""
    family = _separated(sent.family, chance)
    given = tuple(_separated(name, chance) or name for name in sent.given)
    if family is None and given == sent.given:
        return None
    return sent._replace(family=family or sent.family, given=given, array=True)


def split_compound(sent: Sent, _record: RegistryRecord, _chance: Random) -> Sent | None:
    """JEAN-PIERRE sent as the words JEAN PIERRE, without array."""
    if not any("-" in name for name in sent.given):
        return None
    return sent._replace(given=(" ".join(sent.given).replace("-", " "),), array=False)


def _separated(name: str, chance: Random) -> str | None:
    words = re.split(r"[ '\u2019-]+", name)
    if len(words) == 1:
        return None
    if chance.random() < 0.5:
        short = {"SAINT": "ST", "SAINTE": "STE"}
        words = [*(short.get(word.upper(), word) for word in words[:-1]), words[-1]]
    together = "" if words == re.split(r"[ '\u2019-]+", name) else " "
    return chance.choice((*SEPARATORS, together)).join(words)


def fewer_given_names(sent: Sent, _record: RegistryRecord, chance: Random) -> Sent | None:
    """Only the first name, or the first ones."""
    if len(sent.given) == 1:
        return None
    return sent._replace(given=sent.given[: chance.randrange(1, len(sent.given))])


# --- slips on dates and places that name the same -------------------------------------------------


def other_code(sent: Sent, _record: RegistryRecord, chance: Random) -> Sent | None:
    """Another code of the same place: merged, former, arrondissement, Corsica, Seine."""
    place = sent.place or ""
    same = sorted(relations().above.get(place, ())) + below().get(place, [])
    return sent._replace(place=chance.choice(same)) if same else None


_BELOW: dict[str, list[str]] = {}


def below() -> dict[str, list[str]]:
    """The codes tied upward to each code: quarters of a city, communes merged into another."""
    if not _BELOW:
        for code, above in sorted(relations().above.items()):
            for upper in above:
                _BELOW.setdefault(upper, []).append(code)
    return _BELOW


def code_before_independence(sent: Sent, record: RegistryRecord, chance: Random) -> Sent | None:
    """A department 91-96 of before independence instead of the country, or the reverse."""
    number = int(str(record.birthdate).replace("-", ""))
    if sent.place is None and number < INDEPENDENCE.get(sent.country, 0):
        codes = (
            f"{chance.choice(OLD_DEPARTMENTS[sent.country])}{chance.randrange(1, 999):03d}"
            for _ in range(1000)
        )
        return sent._replace(place=next(c for c in codes if c not in communes()), country="99100")
    if sent.place and sent.place[:2] in ("91", "92", "93", "94", "95", "96"):
        country = next(c for c, old in OLD_DEPARTMENTS.items() if sent.place[:2] in old)
        if sent.place not in communes():
            return sent._replace(place=None, country=country)
    return None


def presumed_form(sent: Sent, record: RegistryRecord, chance: Random) -> Sent | None:
    """The day that a form wants, for a date of which the registry keeps the year or the month."""
    date = record.birthdate
    if not record.presumed or date.day:
        return None
    if date.month:
        return sent._replace(born=PartialDate(date.year, date.month, 1))
    return sent._replace(born=PartialDate(date.year, *chance.choice(((1, 1), (12, 31)))))


# --- slips that name somebody else ----------------------------------------------------------------


def misspelt(name: str, chance: Random) -> str:
    """One edit that changes a letter: dropped, added, replaced, or two neighbours swapped."""
    while True:
        spot, letter = chance.randrange(len(name)), chance.choice(LETTERS)
        edits = (
            name[:spot] + name[spot + 1 :],
            name[:spot] + letter + name[spot:],
            name[:spot] + letter + name[spot + 1 :],
            name[:spot] + name[spot + 1 : spot + 2] + name[spot] + name[spot + 2 :],
        )
        changed = chance.choice(edits)
        if plain(changed) not in ("", plain(name)):
            return changed


def wrong_surname(sent: Sent, _record: RegistryRecord, chance: Random) -> Sent:
    """One edit in the birth name."""
    return sent._replace(family=misspelt(sent.family, chance))


def wrong_first_name(sent: Sent, _record: RegistryRecord, chance: Random) -> Sent:
    """One edit in the first name."""
    return sent._replace(given=(misspelt(sent.given[0], chance), *sent.given[1:]), array=True)


def wrong_date(sent: Sent, _record: RegistryRecord, chance: Random) -> Sent:
    """One wrong digit, or day and month swapped, giving a day that exists."""
    born = sent.born
    if born.day and born.day <= 12 and born.day != born.month and chance.random() < 0.3:
        return sent._replace(born=PartialDate(born.year, born.day, born.month))
    while True:
        digits = list(f"{born.year:04d}{born.month:02d}{born.day:02d}")
        spot = chance.randrange(1, 8 if born.day else 6 if born.month else 4)
        digits[spot] = chance.choice([d for d in "0123456789" if d != digits[spot]])
        date = _existing("".join(digits), born)
        if date:
            return sent._replace(born=date)


def _existing(digits: str, like: PartialDate) -> PartialDate | None:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not 1900 <= year <= 2025 or bool(month) != bool(like.month) or bool(day) != bool(like.day):
        return None
    if month > 12 or (month and day > monthrange(year, month)[1]):
        return None
    return PartialDate(year, month, day)


def wrong_sex(sent: Sent, _record: RegistryRecord, _chance: Random) -> Sent:
    """The other sex."""
    other = Gender.MALE if sent.gender is Gender.FEMALE else Gender.FEMALE
    return sent._replace(gender=other)


def usage_name_instead(sent: Sent, record: RegistryRecord, _chance: Random) -> Sent | None:
    """The usage name where the birth name should be."""
    usage = record.usage_name
    if not usage or plain(usage) == plain(record.family_name):
        return None
    return sent._replace(family=usage)
