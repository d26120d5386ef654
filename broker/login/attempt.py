"""The login attempt: what is known of one login so far."""

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from broker.login.request import AuthorizationRequest
from providers.levels import Level


class Step(StrEnum):
    """The steps a person or a browser goes through, in their natural order."""

    CHOOSE = "providers"
    CONSENT = "consent"
    ACCOUNT = "account"
    RESPOND = "respond"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Authentication:
    """
    How and where the person signed in.

    `person` is the broker's own key; `session` the digest of the browser session; `auth_time`
    Unix seconds; `fresh` False when a running session answered in place of the provider; `account`
    the insured account that vouched for the person, from the provider that keeps such accounts.
    """

    person: str
    provider: str
    level: Level
    amr: tuple[str, ...]
    issuer: str
    subject: str
    auth_time: int
    session: str
    fresh: bool = True
    account: str | None = None


@dataclass(frozen=True, slots=True)
class AccountResult:
    """
    What the insured domain answered: `status` is created, linked, existing or refused.

    `outcome` names the reason of a refusal, `case` the number an advisor can open,
    `email_wanted` tells that another e-mail must be asked for, `email_taken` that it is because
    the provider's belongs to another account; `has_password` that a password opens it too.
    """

    status: str
    account_id: str | None = None
    match: str | None = None
    outcome: str | None = None
    case: str | None = None
    email_wanted: bool = False
    email_taken: bool = False
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    One login of one browser for one service. Immutable: `with_facts` gives the next state.

    `browser` is the digest of the secret this browser holds for this attempt; `version` counts
    the writes; `agreed` holds the claims the person lets go, None while unanswered;
    `account_seen` tells that the page about the account was shown and left; `person_open` False
    that the person was closed, or forgotten, before the attempt was read; `ask_again` that
    somebody has logged out of it, so that a provider must ask who is there.
    """

    id: str
    browser: str
    request: AuthorizationRequest
    created_at: float
    expires_at: float
    version: int = 0
    authentication: Authentication | None = None
    sealed_identity: bytes | None = field(default=None, repr=False)
    agreed: tuple[str, ...] | None = None
    account: AccountResult | None = None
    account_seen: bool = False
    wants_account: bool = False
    ended: bool = False
    person_open: bool = True
    ask_again: bool = False

    def with_facts(self, **facts: Any) -> "Attempt":
        """A copy that knows more."""
        return dataclasses.replace(self, **facts)

    def signed_out(self) -> "Attempt":
        """The attempt before anybody signed in, with nobody taken for who was there before."""
        return self.with_facts(
            authentication=None,
            sealed_identity=None,
            agreed=None,
            account=None,
            account_seen=False,
            ask_again=True,
        )


def next_step(attempt: Attempt) -> Step:
    """
    Where this attempt stands. Pure: the same facts always give the same step.

    Every step returns to the hub, and the hub asks this function; no step knows the next one.
    """
    if attempt.ended:
        return Step.ENDED
    authentication = attempt.authentication
    if authentication is None or authentication.level.rank < attempt.request.level.rank:
        return Step.CHOOSE
    if attempt.agreed is None:
        return Step.CONSENT
    if attempt.wants_account and not attempt.account_seen:
        return Step.ACCOUNT
    return Step.RESPOND
