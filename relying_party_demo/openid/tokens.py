"""
Checks of what the broker signed: the ID token and, when it is signed, the userinfo answer.

JOSE is joserfc's; the rules are OpenID Connect Core 1.0 §3.1.3.7 and §5.3.2, each fault one
UnverifiedAnswerError naming the rule.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from relying_party_demo.openid.attempts import base64url
from relying_party_demo.openid.discovery import Discovery
from relying_party_demo.openid.errors import UnverifiedAnswerError
from relying_party_demo.outside import Clock
from relying_party_demo.settings import LEVELS

ALGORITHMS = ("ES256", "RS256")
SKEW = 60
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Expected:
    """What the ID token of one login must say."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    levels: tuple[str, ...]


def id_token_claims(
    text: str, expected: Expected, discovery: Discovery, clock: Clock
) -> dict[str, Any]:
    """The claims of an ID token that passes every check."""
    claims = signed_claims(text, ALGORITHMS, discovery, "ID token")
    _registered(claims, expected, clock)
    _own_checks(claims, expected, clock)
    return claims


def signed_claims(
    text: str | bytes, algorithms: Iterable[str], discovery: Discovery, what: str
) -> dict[str, Any]:
    """The claims of a token signed by the broker with one of `algorithms`."""
    return dict(signed_token(text, algorithms, discovery, what).claims)


def signed_token(
    text: str | bytes, algorithms: Iterable[str], discovery: Discovery, what: str
) -> jwt.Token:
    """The same, with its header."""
    allowed = list(algorithms)
    try:
        try:
            return jwt.decode(text, discovery.keys(), algorithms=allowed)
        except InvalidKeyIdError:
            return jwt.decode(text, discovery.fresher_keys(), algorithms=allowed)
    except (JoseError, ValueError, TypeError, RecursionError) as fault:
        raise UnverifiedAnswerError(f"{what}: {type(fault).__name__}") from fault


def _registered(claims: dict[str, Any], expected: Expected, clock: Clock) -> None:
    rules = jwt.JWTClaimsRegistry(
        now=int(clock()),
        leeway=SKEW,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": expected.nonce},
    )
    try:
        rules.validate(claims)
    except (JoseError, OverflowError) as fault:
        raise UnverifiedAnswerError(f"ID token: {fault}") from fault


def _own_checks(claims: dict[str, Any], expected: Expected, clock: Clock) -> None:
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != expected.client_id:
        raise UnverifiedAnswerError("ID token: azp")
    if not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT:
        raise UnverifiedAnswerError("ID token: sub")
    if not _same(claims.get("at_hash"), _half_hash(expected.access_token)):
        raise UnverifiedAnswerError("ID token: at_hash")
    if claims.get("acr") not in acceptable(expected.levels):
        raise UnverifiedAnswerError("ID token: acr below the level asked for")
    if not _moment(claims.get("auth_time"), clock):
        raise UnverifiedAnswerError("ID token: auth_time")


def acceptable(asked: tuple[str, ...]) -> tuple[str, ...]:
    """The weakest level asked for, and those above it."""
    return LEVELS[min(LEVELS.index(level) for level in asked) :]


def _moment(given: object, clock: Clock) -> bool:
    """Whether this is a time in the past; NaN is none."""
    return type(given) in {int, float} and 0 < given <= clock() + SKEW  # type: ignore[operator]  # a number, by the test before


def _half_hash(access_token: str) -> str:
    # Both algorithms of the list hash with SHA-256 (Core 1.0 §3.1.3.6).
    return base64url(hashlib.sha256(access_token.encode()).digest()[:16])


def _same(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())
