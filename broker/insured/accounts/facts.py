"""What arrives at the accounts after a login, and what they answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from broker.insured.matching.outcomes import Outcome
from providers.identity import PivotIdentity


class Result(StrEnum):
    """What became of the account."""

    CREATED = "created"
    LINKED = "linked"
    EXISTING = "existing"
    REFUSED = "refused"


class AccountBar(StrEnum):
    """Why an account that exists is not opened by this login; an advisor must look (as D11)."""

    LOCKED = "account_locked"
    DEACTIVATED = "account_deactivated"
    RECORD_GONE = "record_gone"
    RECORD_CHANGED = "record_changed"
    IDENTITY_CHANGED = "identity_changed"
    OTHER_ACCOUNT = "other_account"
    NUMBER_TAKEN = "number_taken"


Verdict = Outcome | AccountBar
"""The last word of a settlement: a row of the decision table, or a bar of an existing account."""


@dataclass(frozen=True, slots=True)
class InsuredArrival:
    """
    A verified sign-in, as the accounts see it.

    `issuer` and `subject` are the upstream's; `person` the broker's opaque key of the person;
    `provider` its short name and `provider_label` the one people know; `account` the reference of
    the account that vouched for the person, from the provider that keeps such accounts; `language`
    the one the person reads, fr or en.
    """

    identity: PivotIdentity
    issuer: str
    subject: str
    person: str
    provider: str
    provider_label: str
    account: str | None = None
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Settlement:
    """
    What a login did.

    `account_id` is the opaque reference for the asking sector, None when refused; `match` how the
    person was found (exact, tolerant); `case` the number an advisor can open; `email_wanted` that
    another e-mail must be asked for (D12, or the provider knows none); `email_conflict` that it is
    D12; `has_password` that a password opens the account too; `explanation` a JSON document for
    the journal, without name, date or NIR.
    """

    result: Result
    verdict: Verdict
    account_id: str | None = None
    match: str | None = None
    case: str | None = None
    email_wanted: bool = False
    email_conflict: bool = False
    has_password: bool = False
    explanation: dict[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """The verdict as the journal and the claims write it."""
        return str(self.verdict)


Tell = Callable[[Settlement], None]
"""
Told of a settlement that writes anything, before it is committed, and keeps it.

The journal is in another database: it may so hold one settlement too many, never one too few.
"""


def untold(_settled: Settlement) -> None:
    """Nobody listens."""
