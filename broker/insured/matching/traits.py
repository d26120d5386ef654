"""
How one trait of an identity compares with the same trait of a record: E, Q or different.

E is equality, Q equality through one documented equivalence, everything else is different. No
distance is measured here. The birthplace and the birthcountry are compared together: a place is a
commune of France or a country.
"""

from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from broker.cog.places import FRANCE, country_before_independence, equivalent
from broker.insured.matching.normalise import is_missing, k0, k1
from broker.insured.matching.records import RegistryRecord
from providers.identity import Gender, PartialDate, PivotIdentity


class Trait(StrEnum):
    """What is compared, named as the claim of the pivot identity."""

    FAMILY_NAME = "family_name"
    GIVEN_NAMES = "given_name"
    BIRTHDATE = "birthdate"
    GENDER = "gender"
    BIRTHPLACE = "birthplace"


class Likeness(StrEnum):
    """How a trait compares: equal (E), one of the equivalences (Q), or different."""

    EQUAL = "equal"
    SEPARATOR = "separator"
    FEWER_GIVEN_NAMES = "fewer_given_names"
    COMPOUND_GIVEN_NAME = "compound_given_name"
    RENUMBERED_OR_MERGED = "renumbered_or_merged_place"
    BEFORE_INDEPENDENCE = "place_before_independence"
    PRESUMED_DATE = "presumed_date"
    DIFFERENT = "different"


# The eves of independence: a later birth has no code of that time.
_INDEPENDENCE = {
    "99350": PartialDate(1956, 3, 2),
    "99351": PartialDate(1956, 3, 20),
    "99352": PartialDate(1962, 7, 5),
}
_YEAR_ENDS = frozenset(((1, 1), (12, 31)))


TRAITS = tuple(Trait)


class Comparison(NamedTuple):
    """
    One identity against one record.

    `likenesses` in the order of `Trait`; `differing` the traits that are neither equal nor
    equivalent.
    """

    record: RegistryRecord
    likenesses: tuple[Likeness, ...]
    differing: tuple[Trait, ...]

    @property
    def exact(self) -> bool:
        """Whether every trait is E."""
        return all(likeness is Likeness.EQUAL for likeness in self.likenesses)

    @property
    def equivalences(self) -> dict[Trait, Likeness]:
        """The traits that are Q, with the equivalence each one needed."""
        unremarkable = (Likeness.EQUAL, Likeness.DIFFERENT)
        pairs = zip(TRAITS, self.likenesses, strict=True)
        return {trait: likeness for trait, likeness in pairs if likeness not in unremarkable}


def compare(identity: PivotIdentity, record: RegistryRecord) -> Comparison:
    """Compare every trait; a missing trait of the record is different from everything."""
    likenesses = (
        family_names(identity.family_name, record.family_name),
        given_names(identity, record.given_names),
        birthdates(identity.birthdate, record),
        genders(identity.gender, record.gender),
        birthplaces(identity, record),
    )
    different = Likeness.DIFFERENT
    differing = tuple(
        [trait for trait, x in zip(TRAITS, likenesses, strict=True) if x is different]
    )
    return Comparison(record, likenesses, differing)


def family_names(sent: str, kept: str) -> Likeness:
    """Birth names: k0 equal is E; k1 equal (LE ROY, LEROY; SAINT, ST) is Q."""
    if k1(sent) != k1(kept) or is_missing(kept):
        return Likeness.DIFFERENT
    return Likeness.EQUAL if k0(sent) == k0(kept) else Likeness.SEPARATOR


def given_names(identity: PivotIdentity, kept: tuple[str, ...]) -> Likeness:
    """First names: the lists equal is E; a separator, a shorter list or a split compound is Q."""
    sent = identity.given_names
    if given_names_missing(kept):
        return Likeness.DIFFERENT
    sent_k0, kept_k0 = [k0(name) for name in sent], [k0(name) for name in kept]
    if sent_k0 == kept_k0:
        return Likeness.EQUAL
    shorter = min(len(sent), len(kept))
    if len(sent) != len(kept) and sent_k0[:shorter] == kept_k0[:shorter]:
        return Likeness.FEWER_GIVEN_NAMES
    sent_k1, kept_k1 = [k1(name) for name in sent], [k1(name) for name in kept]
    if sent_k1 == kept_k1:
        return Likeness.SEPARATOR
    if not identity.tokens_given and _split_only(sent_k1, kept_k1):
        return Likeness.COMPOUND_GIVEN_NAME
    return Likeness.DIFFERENT


@lru_cache(maxsize=1 << 14)
def given_names_missing(names: tuple[str, ...]) -> bool:
    """Whether a list of first names is empty, holds an unknown marker or spells one."""
    return not names or is_missing(" ".join(names)) or any(is_missing(name) for name in names)


def _split_only(sent: list[str], kept: list[str]) -> bool:
    """Whether the sent words are the kept names cut in more pieces, never joined."""
    return "".join(sent) == "".join(kept) and set(_limits(kept)) <= set(_limits(sent))


def _limits(names: list[str]) -> list[int]:
    return list(accumulate(len(name) for name in names))


def birthdates(sent: PartialDate, record: RegistryRecord) -> Likeness:
    """The same date is E; a presumed form of a date flagged presumed and kept incomplete is Q."""
    kept = record.birthdate
    if sent == kept:
        return Likeness.EQUAL
    if not record.presumed or kept.complete or not sent.complete or sent.year != kept.year:
        return Likeness.DIFFERENT
    if kept.month == 0:
        presumed = (sent.month, sent.day) in _YEAR_ENDS
    else:
        presumed = sent.month == kept.month and sent.day == 1
    return Likeness.PRESUMED_DATE if presumed else Likeness.DIFFERENT


def genders(sent: Gender, kept: Gender) -> Likeness:
    """The same sex is E; `unspecified` equals nothing."""
    known = sent is not Gender.UNSPECIFIED
    return Likeness.EQUAL if known and sent is kept else Likeness.DIFFERENT


def birthplaces(identity: PivotIdentity, record: RegistryRecord) -> Likeness:
    """The same commune or country is E; one place under two documented codes is Q."""
    sent = place_code(identity.birthplace, identity.birthcountry)
    kept = place_code(record.birthplace, record.birthcountry)
    if sent is None or kept is None:
        return Likeness.DIFFERENT
    if sent == kept:
        return Likeness.EQUAL
    if not equivalent(sent, kept):
        return Likeness.DIFFERENT
    countries = {sent, kept} & _INDEPENDENCE.keys()
    if not countries:
        return Likeness.RENUMBERED_OR_MERGED
    before = identity.birthdate < _INDEPENDENCE[countries.pop()]
    return Likeness.BEFORE_INDEPENDENCE if before else Likeness.DIFFERENT


def place_code(birthplace: str | None, birthcountry: str) -> str | None:
    """The one code of a place; None when it is missing or its two codes contradict each other."""
    if birthplace is None:
        return None if birthcountry == FRANCE else birthcountry
    if birthcountry in (FRANCE, country_before_independence(birthplace)):
        return birthplace
    return None
