"""
A service registers itself, in a sandbox only (RFC 7591): no secret protects the door.

Everything a registered service may be is decided by the broker; what is said here is only which
fields of RFC 7591 become which settings.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from broker.audit.events import Event
from broker.clients import store
from broker.parts import Parts
from broker.settings.client_rules import client_problems
from broker.settings.clients import ClientSettings

_METADATA = {
    "redirect_uris": "redirect_uris",
    "post_logout_redirect_uris": "post_logout_redirect_uris",
    "backchannel_logout_uri": "backchannel_logout_uri",
    "token_endpoint_auth_method": "client_auth",
    "jwks": "jwks",
    "jwks_uri": "jwks_uri",
    "id_token_signed_response_alg": "id_token_signed_alg",
    "userinfo_signed_response_alg": "userinfo_signed_alg",
}
_GIVEN = "openid profile birth email"


class MetadataRefusedError(ValueError):
    """The service cannot be registered; `error` is the code of RFC 7591 §3.2.2."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


def register(parts: Parts, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """
    Register the service that `metadata` describes; what it has to know, its secret included.

    MetadataRefusedError names the field and the rule.
    """
    wanted = {ours: metadata[theirs] for theirs, ours in _METADATA.items() if theirs in metadata}
    wanted |= {
        "name": metadata.get("client_name") or "A service that registered itself",
        "client_id": secrets.token_hex(12),
        "scopes": tuple(str(metadata.get("scope") or _GIVEN).split()),
    }
    if str(wanted.get("client_auth", "client_secret_basic")).startswith("client_secret"):
        wanted["client_secret"] = secrets.token_urlsafe(32)
    settings = _accepted(wanted, parts)
    _store(parts, settings)
    told = {theirs: getattr(settings, ours) for theirs, ours in _METADATA.items()}
    return {
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "client_secret_expires_at": 0,
        "client_name": settings.name,
        "scope": " ".join(settings.scopes),
        **{name: value for name, value in told.items() if value not in (None, ())},
    }


def _accepted(wanted: dict[str, Any], parts: Parts) -> ClientSettings:
    try:
        settings = ClientSettings.model_validate(wanted)
    except ValidationError as refused:
        fault = refused.errors()[0]
        field = str(fault["loc"][0]) if fault["loc"] else "client"
        raise _refusal(field, str(fault["msg"])) from refused
    for problem in client_problems(settings, "", parts.settings.known):
        field, _, sentence = problem.partition(": ")
        raise _refusal(field, sentence)
    return settings


def _refusal(field: str, sentence: str) -> MetadataRefusedError:
    if field == "redirect_uris":
        return MetadataRefusedError("invalid_redirect_uri", sentence)
    return MetadataRefusedError("invalid_client_metadata", f"{field}: {sentence}")


def _store(parts: Parts, settings: ClientSettings) -> None:
    try:
        with parts.engines["broker"].begin() as tx:
            store.add(tx, settings, parts.outside.clock())
            parts.journal.write(tx, Event.CLIENT_ADDED, client_id=settings.client_id)
    except IntegrityError as taken:
        raise MetadataRefusedError("invalid_client_metadata", "try again") from taken
