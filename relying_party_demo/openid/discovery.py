"""
What the broker publishes about itself: its endpoints and its public keys, kept for a while.

Both are asked again after LIFETIME seconds; keys also when a signature names an unknown one, but
not more often than every PAUSE seconds, so that forged signatures cannot make us hammer the
broker (OpenID Connect Discovery 1.0 §4.3, Core 1.0 §10.1.1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relying_party_demo.openid.calls import equip, json_object, no_answer
from relying_party_demo.openid.errors import UnverifiedAnswerError
from relying_party_demo.outside import Outside

LIFETIME, PAUSE = 600.0, 30.0

Endpoint = Annotated[str, Field(pattern=r"^https?://[^/?#\s]+/[^?#\s]*$")]


class Metadata(BaseModel):
    """The part of the discovery document that a relying party uses."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: Endpoint
    token_endpoint: Endpoint
    userinfo_endpoint: Endpoint
    jwks_uri: Endpoint
    end_session_endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    metadata: Metadata
    until: float


@dataclass(frozen=True, slots=True)
class _HeldKeys:
    keys: KeySet
    since: float


class Discovery:
    """The broker behind `issuer`. Shared by threads: each value is replaced in one assignment."""

    def __init__(self, issuer: str, outside: Outside) -> None:
        self._issuer = issuer
        self._clock: Callable[[], float] = outside.clock
        self._http = equip(requests.Session(), outside.http)
        self._held: _Held | None = None
        self._keys: _HeldKeys | None = None

    def metadata(self) -> Metadata:
        """The endpoints; BrokerAwayError, UnverifiedAnswerError."""
        now, held = self._clock(), self._held
        if held is None or not now < held.until <= now + LIFETIME:
            self._held = held = _Held(self._ask_metadata(), now + LIFETIME)
        return held.metadata

    def keys(self) -> KeySet:
        """The public keys; BrokerAwayError, UnverifiedAnswerError."""
        now, held = self._clock(), self._keys
        if held is None or not held.since <= now < held.since + LIFETIME:
            self._keys = held = _HeldKeys(self._ask_keys(), now)
        return held.keys

    def fresher_keys(self) -> KeySet:
        """The keys asked again, unless they were just a moment ago."""
        held = self._keys
        if held is not None and self._clock() >= held.since + PAUSE:
            self._keys = None
        return self.keys()

    def _ask_metadata(self) -> Metadata:
        with no_answer("discovery"):
            answer = self._http.get(f"{self._issuer}/.well-known/openid-configuration")
        try:
            metadata = Metadata.model_validate(json_object(answer, "discovery"))
        except ValidationError as fault:
            raise UnverifiedAnswerError("discovery: a member is missing or wrong") from fault
        if metadata.issuer != self._issuer:
            raise UnverifiedAnswerError("discovery: another issuer")
        if self._issuer.startswith("https://") and not _all_secure(metadata):
            raise UnverifiedAnswerError("discovery: an endpoint without https")
        return metadata

    def _ask_keys(self) -> KeySet:
        with no_answer("jwks"):
            answer = self._http.get(self.metadata().jwks_uri)
        document = json_object(answer, "jwks")
        try:
            # A symmetric key published by mistake would let anyone sign (RFC 8725 §3.1).
            public = [key for key in document["keys"] if key.get("kty") in {"EC", "RSA"}]
            return KeySet.import_key_set({"keys": public})
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as fault:
            raise UnverifiedAnswerError("jwks: no usable key") from fault


def _all_secure(metadata: Metadata) -> bool:
    endpoints = metadata.model_dump(exclude={"issuer"}, exclude_none=True).values()
    return all(endpoint.startswith("https://") for endpoint in endpoints)
