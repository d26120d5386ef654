"""From the verdict of a settlement to the one text a person may read about it."""

from broker.errors import (
    AlreadyLinkedError,
    CaseUnknownError,
    Fate,
    HolderDeceasedError,
    IdentityUnusableError,
    MatchingRefusedError,
    NoAccountPossibleError,
    NoOpenRightsError,
    PasserelleError,
    TemporaryNumberError,
    Under16Error,
    numbered,
)
from broker.insured.accounts.facts import AccountBar
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


def kind_shown(number: str) -> type[PasserelleError]:
    """The error whose number a page shows, in any spelling (` b 0401 `); CaseUnknownError."""
    compact = "".join(c for c in number.upper() if c.isalnum())
    kind = numbered(compact)
    if not compact or kind.number != compact or kind.fate is Fate.JSON:
        raise CaseUnknownError
    return kind


def verdicts_of(kind: type[PasserelleError]) -> list[str]:
    """The verdicts that a page with this number stands for, none when it refuses no account."""
    return [str(one) for one in (*Outcome, *AccountBar) if refusal_of(one) is kind]
