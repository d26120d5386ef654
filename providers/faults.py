"""
The refusals of the adapter: one class for each check, each with its own name and number.

`check` goes to the journal and `number` to the person; neither ever changes meaning. Outgoing
calls have a family of their own in `call_faults.py`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, get_args

_WORDS = re.compile(r"(?<!^)(?=[A-Z])")
_PLAIN = re.compile(r"[A-Za-z0-9._+/-]{0,64}")

Fact = str | int


def plain(value: object) -> Fact:
    """`value` fit for a log: a short plain word or a number as it is, of anything else its type."""
    if isinstance(value, int) and abs(value) < 10**12:
        return value
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return f"({type(value).__name__})"


class ProviderFault(Exception):  # noqa: N818 - the field's word: a fault of the provider
    """
    A trip to a provider was refused.

    `private` holds facts for the log, never a name, a code or a token. `blames_upstream` tells the
    circuit breaker to count it: only for what a person at the browser cannot provoke, or anybody
    could close a provider to everybody.
    """

    number: ClassVar[str] = "P000"
    check: ClassVar[str] = "provider_fault"
    blames_upstream: bool = False

    def __init__(self, **private: object) -> None:
        self.private: Mapping[str, Fact] = {key: plain(value) for key, value in private.items()}
        super().__init__(self.check, dict(self.private))

    def __init_subclass__(cls, number: str = "", check: str = "") -> None:
        super().__init_subclass__()
        if number:
            cls.number, cls.check = number, check or _WORDS.sub("_", cls.__name__).lower()


class UpstreamFault(ProviderFault):
    """A refusal that counts against the provider, whoever the person is."""

    blames_upstream = True


def catalogue() -> list[type[ProviderFault]]:
    """Every check by number, as the documentation lists them; only imported modules declare any."""
    return sorted(_declared(ProviderFault), key=lambda kind: kind.number)


def _declared(root: type[ProviderFault]) -> Iterator[type[ProviderFault]]:
    for kind in root.__subclasses__():
        if "number" in vars(kind):
            yield kind
        yield from _declared(kind)


# --- before departure, and what the browser brought back -----------------------------------------


class LevelNotOffered(ProviderFault, number="P001"):
    """The provider offers no level as strong as the one asked for."""


class CircuitOpen(ProviderFault, number="P002"):
    """The provider failed too often; nobody is sent there for a while."""


class IssuerMismatch(ProviderFault, number="P003"):
    """`iss` in the answer is another issuer: a mix-up attack (RFC 9207 §2.4)."""


class IssuerMissing(ProviderFault, number="P004"):
    """The provider promises `iss` in every answer and this one has none (RFC 9207 §2.4)."""


Refusal = Literal[
    "access_denied",
    "login_required",
    "consent_required",
    "interaction_required",
    "account_selection_required",
    "temporarily_unavailable",
    "server_error",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_response_type",
    "unmet_authentication_requirements",
    "other",
]


class ProviderError(ProviderFault, number="P005"):
    """
    The provider answered with an error (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6).

    `error` is one of the registered codes, `other` for any other text. It comes through the
    browser, which may have written it itself: it never counts against the provider.
    """

    def __init__(self, error: str) -> None:
        self.error: str = error if error in get_args(Refusal) else "other"
        super().__init__(error=self.error)


class NoCode(ProviderFault, number="P006"):
    """The answer holds neither an error nor a usable code."""


# --- documents of the provider -------------------------------------------------------------------


class DiscoveryMalformed(UpstreamFault, number="P201"):
    """The discovery document lacks an endpoint or holds an unusable one."""


class DiscoveryIssuer(UpstreamFault, number="P202"):
    """The discovery document speaks for another issuer (OpenID Connect Discovery §4.3)."""


class ParMalformed(UpstreamFault, number="P203"):
    """The pushed request was accepted without a usable request_uri (RFC 9126 §2.2)."""


class TokenMalformed(UpstreamFault, number="P204"):
    """The token reply lacks an access token, an ID token or the type Bearer (RFC 6749 §5.1)."""


class JwksMalformed(UpstreamFault, number="P205"):
    """The key document is no JWK set, or holds too many keys (RFC 7517 §5)."""


class JwksEmpty(UpstreamFault, number="P206"):
    """The key document holds no key that could have signed."""


class UserinfoMalformed(UpstreamFault, number="P207"):
    """The user information is neither a JSON object nor a compact token."""


class UserinfoUnsigned(UpstreamFault, number="P208"):
    """Signed user information is promised and this one is not signed."""
