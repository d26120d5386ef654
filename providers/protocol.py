"""
The contract of an identity provider, whole: what the broker asks of it and what it answers.

A provider knows one upstream and its dialect. It never knows who is insured, which service
asked, or what happens next; it holds no state of a login, since the broker derives every secret
of a trip again when the person comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from providers.identity import PivotIdentity
from providers.levels import Level


@dataclass(frozen=True, slots=True)
class Trip:
    """
    One journey to a provider and back, made by the broker and derived again on return.

    `state`, `nonce` and `verifier` are unguessable and good for this trip alone; `callback` is the
    provider's own redirect URI (RFC 9700 §4.4.2.2); `level` the least level to accept;
    `max_age` in seconds or None; `now` Unix seconds, and `begun` when the login began: with
    `force_login` the person signed in after that.
    """

    state: str
    nonce: str
    verifier: str
    callback: str
    level: Level
    now: float
    max_age: int | None = None
    force_login: bool = False
    ui_locales: str = "fr"
    login_hint: str | None = None
    begun: float = 0.0


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser must go."""

    url: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    A verified sign-in: every check of the adapter has passed.

    `issuer` and `subject` are the upstream's `iss` and `sub`, verbatim; `auth_time` Unix seconds;
    `id_token` the signed token, decrypted, kept only to be sent back at logout. `account` is the
    insured account that vouched for the person, only from the provider that keeps such accounts.
    """

    identity: PivotIdentity
    level: Level
    amr: tuple[str, ...]
    issuer: str
    subject: str
    auth_time: int
    id_token: str
    account: str | None = None


class Provider(Protocol):
    """What every provider can do."""

    @property
    def id(self) -> str:
        """Short name, as in the settings and in `idp_hint`."""

    @property
    def levels(self) -> frozenset[Level]:
        """The levels this provider may return; the strongest decides whether its tile is open."""

    def depart(self, trip: Trip) -> Departure:
        """Build the authorization request; ProviderFault when a call it needed failed."""

    def arrive(self, answer: Mapping[str, str], trip: Trip) -> Arrival:
        """Verify what came to the callback, `state` excepted; ProviderFault on refusal."""


@runtime_checkable
class LogsOut(Protocol):
    """A provider that can end its own session (OpenID Connect RP-Initiated Logout 1.0)."""

    def logout_url(self, id_token: str, return_to: str, state: str) -> str | None:
        """Where to send the browser to end the upstream session, or None when it cannot."""
