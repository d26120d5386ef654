"""
Which records come nearest to an identity, for the advisor's eyes only.

Here and in the guard zone distances are measured: optimal string alignment (one insertion,
deletion, substitution or transposition of neighbours counts 1) on k1. Nothing here ever links.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from broker.insured.matching.keys import date_key, first_names
from broker.insured.matching.normalise import k1
from broker.insured.matching.records import RegistryRecord
from broker.insured.matching.traits import TRAITS, Comparison, Trait, compare, place_code
from providers.identity import PivotIdentity

TOP = 5
# What a trait may cost at most, so that a stranger who differs in one trait only, but wholly (a
# twin of another first name), stands behind a person written with two slips.
_NAME_CEILING = 5
_PLACE_CEILING = 2


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A person near the identity: the traits that differ, and a distance comparable in one list."""

    person_id: int
    differing: tuple[Trait, ...]
    distance: int

    def journal(self) -> dict[str, Any]:
        """Person id and trait names only."""
        return {
            "person": self.person_id,
            "differing": [str(trait) for trait in self.differing],
            "distance": self.distance,
        }


def rank(
    identity: PivotIdentity,
    records: Iterable[RegistryRecord],
    top: int = TOP,
    known: Collection[Trait] = TRAITS,
) -> tuple[RankedCandidate, ...]:
    """
    The `top` records nearest to the identity, nearest first, each person once.

    Traits that are not `known`, for the caller did not say them, neither differ nor count.
    """
    unique = {record.person_id: record for record in records}
    return rank_compared(identity, [compare(identity, r) for r in unique.values()], top, known)


def rank_compared(
    identity: PivotIdentity,
    comparisons: Sequence[Comparison],
    top: int = TOP,
    known: Collection[Trait] = TRAITS,
) -> tuple[RankedCandidate, ...]:
    """The same, for records already compared."""
    ranked = [_ranked(identity, comparison, known) for comparison in comparisons]
    ranked.sort(key=lambda one: (one.distance, len(one.differing), one.person_id))
    return tuple(ranked[:top])


def _ranked(
    identity: PivotIdentity, comparison: Comparison, known: Collection[Trait]
) -> RankedCandidate:
    differing = tuple([trait for trait in comparison.differing if trait in known])
    total = sum(1 + _cost(trait, identity, comparison.record) for trait in differing)
    return RankedCandidate(comparison.record.person_id, differing, total)


def _cost(trait: Trait, identity: PivotIdentity, record: RegistryRecord) -> int:
    if trait is Trait.FAMILY_NAME and (
        usage_name_fits(identity, record) or former_name_fits(identity, record)
    ):
        return 0
    ceiling = _PLACE_CEILING if trait is Trait.BIRTHPLACE else _NAME_CEILING
    return min(distance(trait, identity, record), ceiling)


def distance(trait: Trait, identity: PivotIdentity, record: RegistryRecord) -> int:
    """How far this trait is from the record's: edits of k1, of digits or of the code; 1 for sex."""
    if trait is Trait.FAMILY_NAME:
        return OSA.distance(k1(identity.family_name), k1(record.family_name))
    if trait is Trait.GIVEN_NAMES:
        return _given_names_distance(identity.given_names, record.given_names)
    if trait is Trait.BIRTHDATE:
        return OSA.distance(
            f"{date_key(identity.birthdate):08d}", f"{date_key(record.birthdate):08d}"
        )
    if trait is Trait.BIRTHPLACE:
        sent = place_code(identity.birthplace, identity.birthcountry)
        return OSA.distance(sent or "", place_code(record.birthplace, record.birthcountry) or "")
    return 1


def first_name_distance(identity: PivotIdentity, record: RegistryRecord) -> int:
    """How far the record's first name is from the nearest reading of the identity's."""
    kept = k1("".join(record.given_names[:1]))
    return min(OSA.distance(k1(name), kept) for name in first_names(identity))


def _given_names_distance(sent: tuple[str, ...], kept: tuple[str, ...]) -> int:
    pairs = zip(sent, kept, strict=False)
    one_by_one = sum(OSA.distance(k1(ours), k1(theirs)) for ours, theirs in pairs)
    joined = OSA.distance(k1("".join(map(k1, sent))), k1("".join(map(k1, kept))))
    return min(one_by_one, joined) if sent and kept else joined


def usage_name_fits(identity: PivotIdentity, record: RegistryRecord) -> bool:
    """Whether a usage name stands where the birth name should, on one side or the other."""
    sent_as_birth_name = bool(record.usage_name) and (
        k1(record.usage_name or "") == k1(identity.family_name)
    )
    birth_name_as_usage = bool(identity.usage_name) and (
        k1(identity.usage_name or "") == k1(record.family_name)
    )
    return sent_as_birth_name or birth_name_as_usage


def former_name_fits(identity: PivotIdentity, record: RegistryRecord) -> bool:
    """Whether the person once bore this birth name: shown to the advisor, never a link."""
    return k1(identity.family_name) in {k1(name) for name in record.former_names}
