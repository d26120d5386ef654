"""Reading a compact JWS that a service signed: assertions and request objects."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from broker.errors import PasserelleError
from broker.sealing import unb64

Refusal = Callable[..., PasserelleError]
"""Makes the error that tells a rule (`detail`) which the token broke."""

MAX_JWS = 16 * 1024
_SEGMENTS = 3
_LATEST = 2.0**53
# A key, an address of keys or an extension inside the token would let its sender choose the rules.
_REFUSED_HEADERS = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "zip", "b64"})


def protected_header(token: str, refusal: Refusal) -> Mapping[str, Any]:
    """The header of a compact JWS, before anything is verified; raises `refusal`."""
    segments = token.split(".")
    if len(token) > MAX_JWS or len(segments) != _SEGMENTS or not all(segments):
        raise refusal(detail="must be a compact, signed JWT")
    try:
        header = json.loads(unb64(segments[0]))
    except (ValueError, RecursionError) as fault:
        raise refusal(detail="its header is not JSON") from fault
    if not isinstance(header, dict) or not isinstance(header.get("alg"), str):
        raise refusal(detail="its header names no algorithm")
    named = sorted(_REFUSED_HEADERS & set(header))
    if named:
        raise refusal(detail=f"the header {named[0]} is refused")
    return header


def claims_of_jws(
    token: str, keys: KeySet, algorithms: Sequence[str], refusal: Refusal
) -> Mapping[str, Any]:
    """The claims of a compact JWS signed by one of `keys`; raises `refusal`."""
    header = protected_header(token, refusal)
    if header["alg"] not in algorithms:
        raise refusal(detail=f"alg must be one of {', '.join(algorithms)}")
    try:
        payload = _verified(token, header, keys, algorithms)
        claims = json.loads(payload)
    except (JoseError, ValueError, TypeError, RecursionError) as fault:
        raise refusal(detail="its signature does not verify") from fault
    if not isinstance(claims, dict):
        raise refusal(detail="its claims are not an object")
    return claims


def is_moment(value: object) -> TypeGuard[float]:
    """Whether a claim is a time: JSON in Python also reads NaN, infinity and endless integers."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value) < _LATEST  # type: ignore[arg-type]  # a number, by the line above


def _verified(
    token: str, header: Mapping[str, Any], keys: KeySet, algorithms: Sequence[str]
) -> bytes:
    kind = "EC" if header["alg"].startswith("ES") else "RSA"
    kid = header.get("kid")
    candidates = [
        key for key in keys.keys if key.key_type == kind and (kid is None or key.kid == kid)
    ]
    for key in candidates:
        try:
            return jws.deserialize_compact(token, key, algorithms=list(algorithms)).payload
        except (JoseError, ValueError):
            continue
    raise ValueError("no key of the client verifies it")
