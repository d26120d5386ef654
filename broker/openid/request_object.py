"""Request objects by value (RFC 9101): signed by the registered key; what is inside wins."""

import json
from collections.abc import Mapping
from typing import Any

from broker.clients.assertions import ALGORITHMS, SKEW
from broker.clients.client import Client
from broker.clients.keys import ClientKeys
from broker.clients.signed import claims_of_jws
from broker.errors import RequestObjectError
from broker.outside import Clock

# Claims of the envelope, not parameters of the request.
_ENVELOPE = frozenset({"iss", "aud", "exp", "iat", "nbf", "jti", "sub"})
_FORBIDDEN = frozenset({"request", "request_uri"})


class RequestObjects:
    """Opens signed requests for this issuer."""

    def __init__(self, keys: ClientKeys, clock: Clock, issuer: str) -> None:
        self._keys, self._clock, self._issuer = keys, clock, issuer

    def opened(self, client: Client, token: str) -> dict[str, str]:
        """The parameters inside; nothing outside the object counts beside client_id."""
        if client.settings.jwks is None and client.settings.jwks_uri is None:
            raise _refused("this service registered no key to verify it")
        claims = claims_of_jws(
            token, self._keys.of(client.settings), ALGORITHMS, RequestObjectError
        )
        self._check(client, claims)
        inside = {k: v for k, v in claims.items() if k not in _ENVELOPE}
        named = sorted(_FORBIDDEN & set(inside))
        if named:
            raise _refused(f"must not hold {named[0]}")
        return {name: _text(name, value) for name, value in inside.items()}

    def _check(self, client: Client, claims: Mapping[str, Any]) -> None:
        if claims.get("iss", client.client_id) != client.client_id:
            raise _refused("iss must be the client_id")
        audience = claims.get("aud", self._issuer)
        if self._issuer not in (audience if isinstance(audience, list) else [audience]):
            raise _refused("aud must be the issuer")
        if claims.get("client_id", client.client_id) != client.client_id:
            raise _refused("client_id inside differs from the one outside")
        now = self._clock()
        if _moment(claims, "exp", now) <= now - SKEW:
            raise _refused("exp is past")
        if _moment(claims, "nbf", now) > now + SKEW:
            raise _refused("nbf is to come")


def _moment(claims: Mapping[str, Any], name: str, default: float) -> float:
    at = claims.get(name, default)
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise _refused(f"{name} must be a number")
    return float(at)


def _text(name: str, value: object) -> str:
    """A parameter as the query would carry it (RFC 9101 §4: numbers and objects stay JSON)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or isinstance(value, list):
        raise _refused(f"{name[:40]} has a wrong type")
    return json.dumps(value)


def _refused(rule: str) -> RequestObjectError:
    return RequestObjectError(parameter="request", detail=rule)
