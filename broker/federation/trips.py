"""
The secrets of a trip to a provider: derived from the attempt, never stored.

`state` names the attempt and proves that we sent the browser to this provider, in this version of
the attempt; as soon as anything is written about the attempt, the version moves and the state is
spent. `nonce` and the PKCE verifier are fingerprints of the same facts under other purposes.
"""

import re
from dataclasses import dataclass, replace

from broker.errors import CallbackStateError, CallbackStateMissingError
from broker.login.attempt import Attempt
from broker.look import current_language
from broker.sealing import Sealer
from providers.protocol import Trip

_MAC_CHARS = 43
_SIGN_IN_ANEW = frozenset({"login", "select_account"})
_ATTEMPT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Trips:
    """Derives trips, and recognises the state that comes back."""

    sealer: Sealer
    public_url: str

    def callback(self, provider: str) -> str:
        """The provider's own redirect URI (RFC 9700 §4.4.2.2: one per issuer)."""
        return f"{self.public_url}/callback/{provider}"

    def trip(self, attempt: Attempt, provider: str, now: float) -> Trip:
        """The trip of this attempt, as it stands, to `provider`."""
        facts = f"{provider}\0{attempt.id}\0{attempt.version}\0{attempt.browser}"
        asked = attempt.request
        return Trip(
            state=f"{attempt.id}.{attempt.version}.{self.sealer.mac(facts, 'upstream-state')}",
            nonce=self.sealer.mac(facts, "upstream-nonce"),
            verifier=self.sealer.mac(facts, "upstream-verifier"),
            callback=self.callback(provider),
            level=asked.level,
            now=now,
            max_age=asked.max_age,
            force_login=attempt.ask_again or bool(_SIGN_IN_ANEW & set(asked.prompt)),
            login_hint=asked.login_hint,
            begun=attempt.created_at,
        )

    def outward(self, attempt: Attempt, provider: str, now: float) -> Trip:
        """The same trip as it sets out: the provider is told the language our pages speak."""
        trip = self.trip(attempt, provider, now)
        return replace(trip, ui_locales=_locales(attempt.request.ui_locales))

    def attempt_id(self, state: str | None) -> str:
        """The attempt a returned state claims to belong to; whether it does is checked next."""
        if not state:
            raise CallbackStateMissingError(parameter="state")
        attempt_id, _, rest = state.partition(".")
        # Ours is base64url; a database would refuse some of what anyone else may write here.
        ours = _ATTEMPT_ID.fullmatch(attempt_id) and rest
        if not ours or len(state) > len(attempt_id) + _MAC_CHARS + 12:
            raise CallbackStateError(parameter="state")
        return attempt_id

    def is_spent(self, state: str, attempt: Attempt) -> bool:
        """Whether the state was made before the last thing written about the attempt."""
        version = state.split(".")[1]
        return version.isdecimal() and int(version) < attempt.version


def _locales(asked: str | None) -> str:
    """The language the person reads here, then whatever else the service asked for."""
    spoken, tags = current_language(), (asked or "").split()
    ours = [tag for tag in tags if tag.lower().partition("-")[0] == spoken]
    return " ".join((*(ours or [spoken]), *(tag for tag in tags if tag not in ours)))
