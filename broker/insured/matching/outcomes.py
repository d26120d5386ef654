"""The words of a decision: its outcome, the record it names, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from broker.insured.matching.candidates import RankedCandidate
from broker.insured.matching.nir import NirDifference
from broker.insured.matching.records import RegistryRecord
from broker.insured.matching.traits import Likeness, Trait


class Outcome(StrEnum):
    """The rows of the decision table; `rule` gives the number of the row."""

    INVALID = "invalid"
    EXACT = "exact"
    TOLERANT = "tolerant"
    AMBIGUOUS = "ambiguous"
    USAGE_NAME = "usage_name"
    NEAR_MISS = "near_miss"
    NONE = "none"
    DECEASED = "deceased"
    UNDER_16 = "under_16"
    NO_RIGHTS = "no_rights"
    TEMPORARY_NUMBER = "temporary_number"
    ALREADY_LINKED = "already_linked"
    EMAIL_CONFLICT = "email_conflict"

    @property
    def rule(self) -> str:
        """D0 to D12."""
        return _RULES[self]


_RULES = {outcome: f"D{number}" for number, outcome in enumerate(Outcome)}


class Guard(StrEnum):
    """Which clause of the guard zone another record stands in."""

    NAMESAKE = "same_names_sex_date"
    SURNAME = "neighbouring_surname"
    FIRST_NAME = "neighbouring_first_name"


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Why the decision is what it is, for the journal and the advisor, never for the public.

    `match` is how the unique record was found (exact, tolerant) or None; `equivalences` what made
    a trait Q; `differing` the one trait that differs (D4, D5) or is missing (D0); `rivals` the
    persons E or Q (D3); `guard` the persons of the guard zone and the clause each stands in;
    `candidates` the persons nearest to the identity, nearest first; `number_differs` the parts of
    the NIR of the unique record that disagree with the identity, which refuse nobody.
    """

    rule: str
    match: Outcome | None = None
    equivalences: Mapping[Trait, Likeness] = field(default_factory=dict)
    differing: Trait | None = None
    rivals: tuple[int, ...] = ()
    guard: Mapping[int, Guard] = field(default_factory=dict)
    candidates: tuple[RankedCandidate, ...] = ()
    number_differs: tuple[NirDifference, ...] = ()

    def journal(self) -> dict[str, Any]:
        """A JSON document of rule names, trait names and person ids: no name, date or NIR."""
        return {
            "rule": self.rule,
            "match": self.match and str(self.match),
            "equivalences": {str(t): str(x) for t, x in self.equivalences.items()},
            "differing": self.differing and str(self.differing),
            "rivals": list(self.rivals),
            "guard": {str(person): str(clause) for person, clause in self.guard.items()},
            "candidates": [candidate.journal() for candidate in self.candidates],
            "number_differs": [str(part) for part in self.number_differs],
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What matching says. `record` is present exactly after a unique match (D1, D2 and D7 to D10):
    the refusals D7 to D10 carry it, so that an existing account stays readable after D9.
    """

    outcome: Outcome
    record: RegistryRecord | None
    explanation: Explanation

    @property
    def links(self) -> bool:
        """Whether the account of `record` may be created or linked."""
        return self.outcome in (Outcome.EXACT, Outcome.TOLERANT)
