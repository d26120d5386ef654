"""The authorization request: what the browser carries to the provider, or what is pushed ahead."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import urlencode

from providers.call_faults import PAR
from providers.calls import Calls
from providers.client_auth import Proof
from providers.faults import LevelNotOffered, ParMalformed
from providers.levels import Level
from providers.protocol import Trip
from providers.settings import ProviderSettings

_MAX_REQUEST_URI = 512


def request_parameters(settings: ProviderSettings, trip: Trip) -> dict[str, str]:
    """The parameters of OpenID Connect Core §3.1.2.1 and RFC 7636 §4.3 for this trip."""
    level = requested_level(settings, trip.level)
    parameters = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": trip.callback,
        "scope": settings.scope,
        "state": trip.state,
        "nonce": trip.nonce,
        "acr_values": settings.acr.get(level, level.value),
        "ui_locales": trip.ui_locales,
        **settings.authorization_params,
    }
    if settings.pkce:
        parameters["code_challenge"] = s256(trip.verifier)
        parameters["code_challenge_method"] = "S256"
    if trip.force_login:
        parameters["prompt"] = "login"
    if trip.max_age is not None:
        parameters["max_age"] = str(trip.max_age)
    if trip.login_hint is not None:
        parameters["login_hint"] = trip.login_hint
    return parameters


def requested_level(settings: ProviderSettings, least: Level) -> Level:
    """The weakest level of the provider that is not below `least`; LevelNotOffered without one."""
    strong = [level for level in settings.levels if level.rank >= least.rank]
    if not strong:
        raise LevelNotOffered(asked=least.value)
    return min(strong, key=lambda level: level.rank)


def s256(verifier: str) -> str:
    """The challenge of a verifier (RFC 7636 §4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def pushed(
    endpoint: str, parameters: Mapping[str, str], proof: Proof, calls: Calls
) -> dict[str, str]:
    """The parameters left for the browser once the others were pushed (RFC 9126 §2, §4)."""
    form = urlencode({**parameters, **proof.fields})
    reference = calls.post(endpoint, proof.headers, form, PAR).get("request_uri")
    if not isinstance(reference, str) or not 0 < len(reference) <= _MAX_REQUEST_URI:
        raise ParMalformed
    return {"client_id": parameters["client_id"], "request_uri": reference}


def with_query(address: str, parameters: Mapping[str, str]) -> str:
    """`address` with parameters added to whatever query it has."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
