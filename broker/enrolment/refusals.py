"""From the verdict of a settlement to the one text a person may read about it."""

from broker.errors import (
    AlreadyLinkedError,
    HolderDeceasedError,
    IdentityUnusableError,
    MatchingRefusedError,
    NoAccountPossibleError,
    NoOpenRightsError,
    TemporaryNumberError,
    Under16Error,
)
from broker.insured.matching.outcomes import Outcome

# Ambiguous, usage name, near miss and nobody are one: no text tells whether a file exists.
_BY_VERDICT: dict[str, type[MatchingRefusedError]] = {
    Outcome.INVALID: IdentityUnusableError,
    Outcome.AMBIGUOUS: NoAccountPossibleError,
    Outcome.USAGE_NAME: NoAccountPossibleError,
    Outcome.NEAR_MISS: NoAccountPossibleError,
    Outcome.NONE: NoAccountPossibleError,
    Outcome.DECEASED: HolderDeceasedError,
    Outcome.UNDER_16: Under16Error,
    Outcome.NO_RIGHTS: NoOpenRightsError,
    Outcome.TEMPORARY_NUMBER: TemporaryNumberError,
}


def refusal_of(verdict: str) -> type[MatchingRefusedError]:
    """The refusal for a verdict; whatever an account itself forbids needs an advisor (D11)."""
    return _BY_VERDICT.get(verdict, AlreadyLinkedError)
