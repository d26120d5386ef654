"""
Logout tokens: the broker's word that a session is over (OpenID Connect Back-Channel Logout 1.0).

The checks of §2.6, each fault one UnverifiedAnswerError naming the rule. An ID token is no logout
token, whoever sends it: the type, the event and the missing nonce tell them apart (§2.4, §4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from relying_party_demo.openid.discovery import Discovery
from relying_party_demo.openid.errors import UnverifiedAnswerError
from relying_party_demo.openid.tokens import ALGORITHMS, SKEW, signed_token
from relying_party_demo.outside import Clock

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPE = "logout+jwt"
_LONGEST_ID = 255
_LONGEST_LIFE = 600


@dataclass(frozen=True, slots=True)
class Ended:
    """The broker's session `sid`, or every session of `subject`; `until` in Unix seconds."""

    sid: str | None
    subject: str | None
    jti: str
    until: float


def ended_session(
    text: str, audience: tuple[str, str], discovery: Discovery, clock: Clock
) -> Ended:
    """What a logout token ends; `audience` is the issuer, then the client that must be meant."""
    token = signed_token(text, ALGORITHMS, discovery, "logout token")
    if token.header.get("typ") != TYPE:
        raise UnverifiedAnswerError("logout token: typ")
    claims = token.claims
    _registered(claims, audience, clock)
    if "nonce" in claims:
        raise UnverifiedAnswerError("logout token: nonce")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise UnverifiedAnswerError("logout token: events")
    sid, subject = _identifier(claims, "sid"), _identifier(claims, "sub")
    jti = _identifier(claims, "jti")
    if jti is None or (sid is None and subject is None):
        raise UnverifiedAnswerError("logout token: jti, and sid or sub, are required")
    return Ended(sid, subject, jti, float(claims["exp"]) + SKEW)


def _registered(claims: Mapping[str, Any], audience: tuple[str, str], clock: Clock) -> None:
    issuer, client_id = audience
    now = int(clock())
    rules = jwt.JWTClaimsRegistry(
        now=now,
        leeway=SKEW,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        exp={"essential": True},
    )
    try:
        rules.validate(dict(claims))
    except (JoseError, OverflowError) as fault:
        raise UnverifiedAnswerError(f"logout token: {fault}") from fault
    if not claims["exp"] <= now + _LONGEST_LIFE + SKEW:
        raise UnverifiedAnswerError("logout token: exp too far away")


def _identifier(claims: Mapping[str, Any], name: str) -> str | None:
    """A claim that names something; half a character names nothing (RFC 8259 §8.2)."""
    given = claims.get(name)
    if given is None:
        return None
    if not isinstance(given, str) or not 0 < len(given) <= _LONGEST_ID or not given.isprintable():
        raise UnverifiedAnswerError(f"logout token: {name}")
    return given
