"""
The labelled queries: what is sent, which person it truly is (Q) or near whom it stands (N).

Q0-Q6 must link, Q7-Q13 must not but must reach the advisor, N1-N5 are people who are not in the
registry at all. The floors are those of the project's goal.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle
from random import Random

from matching_slips import (
    Sent,
    Slip,
    as_registered,
    below,
    code_before_independence,
    fewer_given_names,
    misspelt,
    other_code,
    other_keyboard,
    other_separator,
    plain,
    presumed_form,
    split_compound,
    usage_name_instead,
    wrong_date,
    wrong_first_name,
    wrong_sex,
    wrong_surname,
)
from matching_truth import Query, tied

from broker.cog.table import communes, relations
from broker.insured.matching.records import RegistryRecord
from providers.identity import PartialDate

LINK_FLOORS = {
    "Q0": 0.9999,
    "Q1": 0.999,
    "Q2": 0.999,
    "Q2s": 0.97,
    "Q3": 0.995,
    "Q4": 0.99,
    "Q5": 0.98,
    "Q6": 0.95,
}
FIRST_FLOORS = dict.fromkeys(("Q7", "Q8", "Q9", "Q10", "Q11", "Q12"), 0.95)
FIVE_FLOORS = {"Q13": 0.80}
NONE_FLOORS = {"N1": 0.999}
ABSENT = ("N1", "N2", "N3", "N4", "N5")


def unchanged(sent: Sent, _record: RegistryRecord, _chance: Random) -> Sent:
    """Q0: nothing happens to it."""
    return sent


def wrong_place(sent: Sent, _record: RegistryRecord, chance: Random) -> Sent:
    """A commune that is not this place under any code; sometimes its nearest stranger."""
    return sent._replace(place=_elsewhere(sent.place or "", chance), country="99100")


_ALL_COMMUNES = sorted(communes())


def _elsewhere(place: str, chance: Random) -> str:
    if chance.random() < 0.5:
        # A sister: another arrondissement, another commune merged into the same one.
        uppers = sorted(relations().above.get(place, ()))
        sisters = [c for upper in uppers for c in below()[upper] if not tied(c, place)]
        if sisters:
            return chance.choice(sisters)
    while True:
        code = chance.choice(_ALL_COMMUNES)
        if code != place and not tied(code, place):
            return code


SLIPS: dict[str, Slip] = {
    "Q0": unchanged,
    "Q1": other_keyboard,
    "Q2": other_separator,
    "Q2s": split_compound,
    "Q3": fewer_given_names,
    "Q4": other_code,
    "Q5": code_before_independence,
    "Q6": presumed_form,
    "Q7": wrong_surname,
    "Q8": wrong_first_name,
    "Q9": wrong_date,
    "Q10": wrong_sex,
    "Q11": wrong_place,
    "Q12": usage_name_instead,
}
_WRONG: tuple[Slip, ...] = (wrong_surname, wrong_first_name, wrong_date, wrong_sex, wrong_place)


def two_errors(sent: Sent, record: RegistryRecord, chance: Random) -> Sent | None:
    """Q13: two different traits are wrong."""
    changed: Sent | None = sent
    for slip in chance.sample(_WRONG, 2):
        changed = slip(changed, record, chance) if changed else None
    return changed


SLIPS["Q13"] = two_errors


def present(people: Sequence[RegistryRecord], count: int, chance: Random) -> Iterator[Query]:
    """`count` queries of each class Q, as far as the sample holds persons who give occasion."""
    for kind, slip in SLIPS.items():
        made = 0
        for record in chance.sample(people, len(people)):
            if made == count:
                break
            sent = slip(as_registered(record, chance), record, chance)
            if sent is not None:
                made += 1
                yield Query(kind, sent.identity(), record.person_id)


# --- people who are not in the registry -----------------------------------------------------------


def absent(
    people: Sequence[RegistryRecord],
    strangers: Sequence[RegistryRecord],
    count: int,
    chance: Random,
) -> Iterator[Query]:
    """`count` queries in all, N1 from `strangers`, N2-N5 made of somebody's neighbours in turn."""
    kinds = cycle(ABSENT)
    for _ in range(count):
        kind = next(kinds)
        if kind == "N1":
            record = chance.choice(strangers)
            sent = as_registered(record, chance)
        else:
            record = chance.choice(people)
            sent = _NEIGHBOURS[kind](as_registered(record, chance), record, people, chance)
        yield Query(kind, _dressed(sent, record, chance).identity(), None, sent)


def _dressed(sent: Sent, record: RegistryRecord, chance: Random) -> Sent:
    """Strangers too come with other keyboards, shorter lists and presumed days."""
    sent = other_keyboard(sent, record, chance) if chance.random() < 0.4 else sent
    if chance.random() < 0.2:
        sent = fewer_given_names(sent, record, chance) or sent
    coded = other_code(sent, record, chance) if chance.random() < 0.2 else None
    # The city of two sister quarters would name the neighbour's own place.
    moved_back = (
        coded
        and sent.place != record.birthplace
        and (tied(coded.place or "", record.birthplace or ""))
    )
    return coded if coded and not moved_back else sent


def twin(
    sent: Sent, _record: RegistryRecord, people: Sequence[RegistryRecord], chance: Random
) -> Sent:
    """N2: same surname, day and place; another first name, often made of the same words."""
    first, rest = sent.given[0], sent.given[1:]
    words = first.replace("-", " ").split()
    if chance.random() < 0.4:
        if len(words) > 1:
            given = chance.choice(((*words, *rest), (words[0], *rest), (words[-1], *rest)))
            return sent._replace(given=given, array=True)
        if rest:
            return sent._replace(given=(f"{first}-{rest[0]}", *rest[1:]))
    if chance.random() < 0.2:
        return sent._replace(given=(misspelt(first, chance), *rest), array=True)
    other = chance.choice(people)
    while plain(other.given_names[0]) == plain(first):
        other = chance.choice(people)
    return sent._replace(given=other.given_names, gender=other.gender, array=True)


def born_a_digit_away(
    sent: Sent, record: RegistryRecord, _people: Sequence[RegistryRecord], chance: Random
) -> Sent:
    """N3: one digit of the date differs, or day and month are swapped."""
    return wrong_date(sent, record, chance)


def born_elsewhere(
    sent: Sent, record: RegistryRecord, _people: Sequence[RegistryRecord], chance: Random
) -> Sent:
    """N4: the same names and day in another town, sister communes and sister quarters included."""
    essonne = sent.place in communes() and str(sent.place)[:2] in ("91", "92", "93", "94")
    if essonne and chance.random() < 0.5:
        return sent._replace(place=None, country="99352")
    return wrong_place(sent, record, chance)


def kin(
    sent: Sent, record: RegistryRecord, _people: Sequence[RegistryRecord], chance: Random
) -> Sent:
    """N5: the other sex, a surname one edit away, or a parent or child of the same name."""
    relation = chance.randrange(3)
    if relation == 0:
        return wrong_sex(sent, record, chance)
    if relation == 1:
        return wrong_surname(sent, record, chance)
    year = sent.born.year + chance.choice((-1, 1)) * chance.randrange(17, 45)
    month = sent.born.month and chance.randrange(1, 13)
    return sent._replace(born=PartialDate(year, month, sent.born.day and chance.randrange(1, 29)))


_NEIGHBOURS = {"N2": twin, "N3": born_a_digit_away, "N4": born_elsewhere, "N5": kin}
