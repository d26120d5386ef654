"""
The pivot identity: the only thing about a person that crosses from a provider to the broker.

Frozen, typed and folded at construction; a missing or malformed trait is refused here, before
anything is searched, and the refusal names the trait and the rule (never the value).
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from anyascii import anyascii

FRANCE = "99100"
_COG_PLACE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_COG_COUNTRY = re.compile(r"99[0-9]{3}")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
MAX_NAME = 255
_LATIN = ("LATIN", "MODIFIER LETTER")


class MalformedTraitError(ValueError):
    """A trait of the pivot identity is missing or malformed: `trait` names it, `rule` says why."""

    def __init__(self, trait: str, rule: str) -> None:
        super().__init__(f"{trait}: {rule}")
        self.trait = trait
        self.rule = rule


class Gender(StrEnum):
    """The three values a provider may send; `unspecified` equals nothing, not even itself."""

    FEMALE = "female"
    MALE = "male"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """
    A date of birth whose day, or month and day, may be unknown (0).

    A known day in an unknown month does not exist: such a text is malformed.
    """

    year: int
    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `YYYY-MM-DD`, `YYYY-MM-00` or `YYYY-00-00`; anything else is a ValueError."""
        match = _DATE.fullmatch(text)
        if not match:
            raise ValueError("must read YYYY-MM-DD, with 00 for what is unknown")
        year, month, day = (int(part) for part in match.groups())
        if month == 0 and day != 0:
            raise ValueError("a known day in an unknown month is no date")
        if not 1800 <= year <= 2200 or month > 12:  # noqa: PLR2004 - bounds of a plausible birth
            raise ValueError("the year or the month does not exist")
        if month and day > monthrange(year, month)[1]:
            raise ValueError("this day does not exist in that month")
        return cls(year, month, day)

    @property
    def complete(self) -> bool:
        """Whether year, month and day are all known."""
        return bool(self.month and self.day)

    def earliest(self) -> date:
        """The first day this date may stand for."""
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """The last day this date may stand for."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def latest_day(seconds: float) -> date:
    """The day it is anywhere on earth at this moment, at the latest: nobody is born after it."""
    return (datetime.fromtimestamp(seconds, UTC) + timedelta(hours=14)).date()


def folded_name(text: str, trait: str) -> str:
    """
    A name in composed form, without invisible characters, runs of blanks made one.

    Refuses control characters and whatever else would read as a letter or a figure without being
    one of ours: a Cyrillic or Greek look-alike is a different name that a reader could not tell
    apart, and a squared letter, a foreign vowel sign or an emoji would be spelt in our letters.
    """
    if len(text) > MAX_NAME:
        raise MalformedTraitError(trait, f"is longer than {MAX_NAME} characters")
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if _kept(c, trait))
    return " ".join(visible.split())


def _kept(character: str, trait: str) -> bool:
    if character.isascii() and character.isprintable():
        return True
    category = unicodedata.category(character)
    if category == "Cf":
        return False
    if category[0] == "C":
        raise MalformedTraitError(trait, "holds a control character")
    if is_foreign(character):
        raise MalformedTraitError(trait, "holds a letter or a sign of another script than Latin")
    return True


def is_foreign(character: str) -> bool:
    """Whether a character beyond ASCII would be read as letters or figures without being Latin."""
    name, category = unicodedata.name(character, ""), unicodedata.category(character)
    if category[0] == "L":
        return not name.startswith(_LATIN)
    if category[0] == "M" and not name.startswith("COMBINING"):
        return True
    return any(c.isalnum() for c in anyascii(character))


def _mandatory(text: str, trait: str) -> str:
    name = folded_name(text, trait)
    if not any(c.isalpha() for c in name):
        raise MalformedTraitError(trait, "is missing")
    return name


@dataclass(frozen=True, slots=True)
class PivotIdentity:
    """
    Who a provider says the person is.

    `given_names` keeps the real tokens when the provider sent an array (`tokens_given` True; one
    first name may then contain a space); otherwise they are the words of `given_name`.
    `birthplace` is a five-character COG code, None for a birth abroad; `birthcountry` five
    digits, 99100 for France. `usage_name` and `email` are never matching keys.
    """

    family_name: str
    given_names: tuple[str, ...]
    birthdate: PartialDate
    gender: Gender
    birthplace: str | None
    birthcountry: str
    usage_name: str | None = None
    email: str | None = None
    tokens_given: bool = False

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "family_name", _mandatory(self.family_name, "family_name"))
        if not self.given_names:
            raise MalformedTraitError("given_name", "is missing")
        put(self, "given_names", tuple(_mandatory(g, "given_name") for g in self.given_names))
        if self.usage_name is not None:
            put(self, "usage_name", folded_name(self.usage_name, "preferred_username") or None)
        self._check_places()

    def _check_places(self) -> None:
        if not _COG_COUNTRY.fullmatch(self.birthcountry):
            raise MalformedTraitError("birthcountry", "must be a five-digit COG code, 99xxx")
        if self.birthcountry == FRANCE:
            if self.birthplace is None:
                raise MalformedTraitError("birthplace", "is missing for a birth in France")
            if not _COG_PLACE.fullmatch(self.birthplace):
                raise MalformedTraitError("birthplace", "must be a five-character COG code")
        elif self.birthplace is not None:
            raise MalformedTraitError("birthplace", "must be empty for a birth abroad")

    @property
    def given_name(self) -> str:
        """All first names, space separated, as the claim of that name."""
        return " ".join(self.given_names)
