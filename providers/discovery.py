"""
Where a provider's endpoints are: from the settings, or from its discovery document.

The document is remembered, checked to speak for the issuer it was fetched from, and never
overrides an address the settings give.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from providers.call_faults import DISCOVERY
from providers.calls import Calls, read_object
from providers.faults import DiscoveryIssuer, DiscoveryMalformed
from providers.remembered import Remembered
from providers.settings import ProviderSettings

_PATH = "/.well-known/openid-configuration"
_ACCEPT = {"Accept": "application/json"}
_MAX_ADDRESS = 2048
_NAMES = {
    "authorization_endpoint": "authorization_endpoint",
    "token_endpoint": "token_endpoint",
    "userinfo_endpoint": "userinfo_endpoint",
    "jwks_uri": "jwks_uri",
    "par_endpoint": "pushed_authorization_request_endpoint",
    "end_session_endpoint": "end_session_endpoint",
}


@dataclass(frozen=True, slots=True)
class Endpoints:
    """
    The addresses of one provider, those it needs never empty.

    `iss_promised`: every authorization answer carries `iss` (RFC 9207 §3).
    """

    authorization: str
    token: str
    jwks: str
    userinfo: str | None
    par: str | None
    end_session: str | None
    iss_promised: bool


class Discovery:
    """Finds the endpoints of one provider."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._url = settings.issuer.rstrip("/") + _PATH
        self._remembered: Remembered[Endpoints] = Remembered(settings.discovery_seconds)
        self._declared = None if settings.discovery else self._endpoints({})

    def endpoints(self, now: float, calls: Calls) -> Endpoints:
        """The endpoints at `now`; a fault of discovery when they cannot be learnt."""
        if self._declared is not None:
            return self._declared
        return self._remembered.get(now, lambda: self._fetched(calls))

    def lasting(self, calls: Calls) -> Endpoints:
        """The endpoints as known, however old; asked for only when nothing is known yet."""
        known = self._declared or self._remembered.current
        # Remembered as of 1970, so that the next login asks again in its own time.
        return known or self._remembered.reload(0.0, lambda: self._fetched(calls))

    def _fetched(self, calls: Calls) -> Endpoints:
        reply = calls.get(self._url, _ACCEPT, DISCOVERY)
        document = read_object(reply, DISCOVERY)
        if document.get("issuer") != self._settings.issuer:
            raise DiscoveryIssuer
        return self._endpoints(document)

    def _endpoints(self, document: Mapping[str, Any]) -> Endpoints:
        found = {key: self._address(key, document.get(name)) for key, name in _NAMES.items()}
        wanted = ["authorization_endpoint", "token_endpoint", "jwks_uri"]
        wanted += ["userinfo_endpoint"] if self._settings.userinfo != "none" else []
        wanted += ["par_endpoint"] if self._settings.par else []
        for key in wanted:
            if found[key] is None:
                raise DiscoveryMalformed(missing=_NAMES[key])
        return Endpoints(
            authorization=found["authorization_endpoint"] or "",
            token=found["token_endpoint"] or "",
            jwks=found["jwks_uri"] or "",
            userinfo=found["userinfo_endpoint"],
            par=found["par_endpoint"] if self._settings.par else None,
            end_session=found["end_session_endpoint"] if self._settings.logout else None,
            iss_promised=self._settings.iss_in_answer
            or document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _address(self, key: str, discovered: object) -> str | None:
        declared: str | None = getattr(self._settings, key)
        if declared is not None or discovered is None:
            return declared
        if not isinstance(discovered, str) or not self._usable(discovered):
            raise DiscoveryMalformed(endpoint=_NAMES[key])
        return discovered

    def _usable(self, address: str) -> bool:
        """Absolute, plain, and no weaker than the issuer: never http behind an https issuer."""
        schemes = {"https"} if self._settings.issuer.startswith("https:") else {"http", "https"}
        if not address.isascii() or not address.isprintable() or len(address) > _MAX_ADDRESS:
            return False
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        plain = " " not in address and "#" not in address and parts.username is None
        return parts.scheme in schemes and bool(parts.hostname) and plain
