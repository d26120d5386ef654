"""Request objects by value (RFC 9101): signed by the registered key; what is inside wins."""

import json
from collections.abc import Mapping
from typing import Any

from broker.clients.assertions import ALGORITHMS, SKEW
from broker.clients.client import Client
from broker.clients.keys import ClientKeys
from broker.clients.signed import is_moment, protected_header
from broker.errors import ClientAssertionError, RequestObjectError
from broker.outside import Clock

# Claims of the envelope, not parameters of the request.
_ENVELOPE = frozenset({"iss", "aud", "exp", "iat", "nbf", "jti", "sub"})
# A token signed for another use is no request (RFC 9101 §10.8); older libraries say JWT.
_TYPES = ("oauth-authz-req+jwt", "JWT")
_MEDIA = "application/"
_FORBIDDEN = frozenset({"request", "request_uri"})


class RequestObjects:
    """Opens signed requests for this issuer."""

    def __init__(self, keys: ClientKeys, clock: Clock, issuer: str) -> None:
        self._keys, self._clock, self._issuer = keys, clock, issuer

    def opened(self, client: Client, token: str) -> dict[str, str]:
        """The parameters inside; nothing outside the object counts beside client_id."""
        if client.settings.jwks is None and client.settings.jwks_uri is None:
            raise _refused("this service registered no key to verify it")
        claims = self._verified(client, token)
        self._check(client, claims)
        inside = {k: v for k, v in claims.items() if k not in _ENVELOPE}
        named = sorted(_FORBIDDEN & set(inside))
        if named:
            raise _refused(f"must not hold {named[0]}")
        return {name: _text(name, value) for name, value in inside.items()}

    def _verified(self, client: Client, token: str) -> Mapping[str, Any]:
        """The claims, once the signature is that of a registered key."""
        try:
            typ = str(protected_header(token, _refused).get("typ", "JWT")).removeprefix(_MEDIA)
            if typ not in _TYPES:
                raise _refused(f"typ must be {_TYPES[0]}, or JWT")
            return self._keys.verified(client.settings, token, ALGORITHMS, _refused)
        except ClientAssertionError as fault:
            raise _refused("the keys of this service could not be read") from fault

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
    if not is_moment(at):
        raise _refused(f"{name} must be a number of seconds")
    return at


def _text(name: str, value: object) -> str:
    """A parameter as the query would carry it (RFC 9101 §4: numbers and objects stay JSON)."""
    if isinstance(value, bool) or value is None or isinstance(value, list):
        raise _refused(f"{name[:40]} has a wrong type")
    try:
        text = value if isinstance(value, str) else json.dumps(value)
        text.encode()
    except (UnicodeEncodeError, RecursionError) as fault:
        # JSON can write half a character, or nest deeper than any parameter (RFC 8259 §8.2, §9).
        raise _refused(f"{name[:40]} cannot be written as a parameter") from fault
    return text


def _refused(detail: str) -> RequestObjectError:
    return RequestObjectError(parameter="request", detail=detail)
