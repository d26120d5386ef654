"""
The decision table D0 to D10, as one pure function.

No wrong link, ever: a link needs one record whose traits are all equal or equivalent, no other
such record, and after an equivalence nobody else near enough to be meant. D11 and D12 belong to
the accounts, which know what the registry does not.
"""

from collections.abc import Sequence
from datetime import date

from rapidfuzz.distance import OSA

from broker.cog.places import place_class
from broker.insured.matching.candidates import (
    RankedCandidate,
    distance,
    first_name_distance,
    rank_compared,
    usage_name_fits,
)
from broker.insured.matching.keys import possible_dates
from broker.insured.matching.nir import flags
from broker.insured.matching.normalise import is_missing, k1
from broker.insured.matching.outcomes import Decision, Explanation, Guard, Outcome
from broker.insured.matching.records import GENERAL_SCHEME, RegistryRecord
from broker.insured.matching.traits import Comparison, Trait, compare, given_names_missing
from providers.identity import Gender, PartialDate, PivotIdentity

NEAR = 2
"""The distance of the guard zone and of a near miss (optimal string alignment)."""
ACCOUNT_AGE = 16
"""The age from which a person may hold an account of their own, from the birthday on."""


def decide(identity: PivotIdentity, candidates: Sequence[RegistryRecord], on: date) -> Decision:
    """
    Decide whether the identity is one of the candidates, on this day in Europe/Paris.

    `candidates` holds at least the records that `keys.py` tells to look up, in any order, a
    person once or several times. Records beyond those can only turn a link into a refusal.
    """
    missing = missing_trait(identity)
    if missing:
        return _refused(Outcome.INVALID, missing)
    unique = {record.person_id: record for record in candidates}
    comparisons = [compare(identity, unique[person]) for person in sorted(unique)]
    fitting = [one for one in comparisons if not one.differing]
    if len(fitting) > 1:
        return _ambiguous(identity, comparisons, fitting)
    if fitting:
        return _unique(identity, comparisons, fitting[0], on)
    return _nobody(identity, comparisons)


def missing_trait(identity: PivotIdentity) -> Trait | None:
    """The trait that names nobody (an unknown marker), when there is one: rule D0."""
    if is_missing(identity.family_name):
        return Trait.FAMILY_NAME
    return Trait.GIVEN_NAMES if given_names_missing(identity.given_names) else None


def _unique(
    identity: PivotIdentity, comparisons: list[Comparison], match: Comparison, on: date
) -> Decision:
    kind = Outcome.EXACT if match.exact else Outcome.TOLERANT
    if kind is Outcome.TOLERANT:
        guard = guard_zone(identity, [one.record for one in comparisons if one is not match])
        if guard:
            return _ambiguous(identity, comparisons, [match], guard)
    outcome = creation_bar(identity.birthdate, match.record, on) or kind
    reason = Explanation(
        outcome.rule,
        match=kind,
        equivalences=match.equivalences,
        number_differs=flags(match.record.nir, identity),
    )
    return Decision(outcome, match.record, reason)


def creation_bar(born: PartialDate, record: RegistryRecord, on: date) -> Outcome | None:
    """Why the person, found without doubt, may not open an account: D7 to D10, in this order."""
    if record.deceased:
        return Outcome.DECEASED
    if on < sixteenth_birthday(max(born.latest(), record.birthdate.latest())):
        return Outcome.UNDER_16
    if not record.rights_open or record.scheme != GENERAL_SCHEME:
        return Outcome.NO_RIGHTS
    if not record.nir.startswith(("1", "2")):
        return Outcome.TEMPORARY_NUMBER
    return None


def sixteenth_birthday(born: date) -> date:
    """The day from which somebody born on this day may hold an account, itself included."""
    try:
        return born.replace(year=born.year + ACCOUNT_AGE)
    except ValueError:  # born on 29 February, sixteen years before a year that has none (1884)
        return date(born.year + ACCOUNT_AGE, 3, 1)


def guard_zone(identity: PivotIdentity, others: Sequence[RegistryRecord]) -> dict[int, Guard]:
    """The other records near enough to be the person meant: person id -> clause."""
    dates = possible_dates(identity.birthdate)
    near = [record for record in others if record.birthdate in dates]
    clauses = ((record.person_id, _guard(identity, record)) for record in near)
    return {person: clause for person, clause in clauses if clause}


def _guard(identity: PivotIdentity, record: RegistryRecord) -> Guard | None:
    surname = OSA.distance(k1(identity.family_name), k1(record.family_name))
    first_name = first_name_distance(identity, record)
    same_sex = record.gender in (identity.gender, Gender.UNSPECIFIED)
    if surname == 0 and first_name == 0 and same_sex:
        return Guard.NAMESAKE
    if not _same_class(identity, record):
        return None
    if first_name == 0 and same_sex and surname <= NEAR:
        return Guard.SURNAME
    return Guard.FIRST_NAME if surname == 0 and first_name <= NEAR else None


def _same_class(identity: PivotIdentity, record: RegistryRecord) -> bool:
    sent = place_class(identity.birthplace or identity.birthcountry)
    return sent == place_class(record.birthplace or record.birthcountry)


def _ambiguous(
    identity: PivotIdentity,
    comparisons: list[Comparison],
    fitting: list[Comparison],
    guard: dict[int, Guard] | None = None,
) -> Decision:
    explanation = Explanation(
        Outcome.AMBIGUOUS.rule,
        equivalences=fitting[0].equivalences if len(fitting) == 1 else {},
        rivals=tuple(one.record.person_id for one in fitting),
        guard=guard or {},
        candidates=rank_compared(identity, comparisons),
    )
    return Decision(Outcome.AMBIGUOUS, None, explanation)


def _nobody(identity: PivotIdentity, comparisons: list[Comparison]) -> Decision:
    """D4, D5 or D6: which of the three is told to the advisor alone."""
    ranked = rank_compared(identity, comparisons)
    single = {one.record.person_id: one for one in comparisons if len(one.differing) == 1}
    for one in single.values():
        if one.differing == (Trait.FAMILY_NAME,) and usage_name_fits(identity, one.record):
            return _refused(Outcome.USAGE_NAME, Trait.FAMILY_NAME, ranked)
    for trait, record in ((one.differing[0], one.record) for one in single.values()):
        if distance(trait, identity, record) <= NEAR:
            return _refused(Outcome.NEAR_MISS, trait, ranked)
    return _refused(Outcome.NONE, None, ranked)


def _refused(
    outcome: Outcome, differing: Trait | None, candidates: tuple[RankedCandidate, ...] = ()
) -> Decision:
    return Decision(
        outcome, None, Explanation(outcome.rule, differing=differing, candidates=candidates)
    )
