"""
The legs of a login, service to broker and broker to provider, and what was observed of each.

What is observed is what anybody on the wire could see: whether values came back as they were
sent. The judgement of a token belongs to whoever receives it.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.recording.reading import destination, document, form, query, tokens
from sandbox.recording.recorder import Exchange

_CHALLENGE = "code_challenge"


@dataclass(slots=True)
class Leg:
    """
    One authorization request at `site`, its answer, the redemptions of its code, its claims.

    Everything is empty until it was seen.
    """

    site: str
    asked: Mapping[str, str]
    answered: Mapping[str, str] = field(default_factory=dict)
    redeemed: list[Mapping[str, str]] = field(default_factory=list)
    id_token: Mapping[str, Any] = field(default_factory=dict)
    userinfo: Mapping[str, Any] = field(default_factory=dict)


def legs(exchanges: Iterable[Exchange]) -> list[Leg]:
    """The legs among the exchanges of one login, in the order in which they were asked."""
    found: dict[str, Leg] = {}
    for exchange in exchanges:
        asked = dict([*query(exchange), *form(exchange)])
        answered = dict(parse_qsl(urlsplit(destination(exchange)).query))
        if {"client_id", "redirect_uri", "response_type"} <= asked.keys():
            found.setdefault(exchange.site, Leg(exchange.site, asked))
        leg = found.get(exchange.site)
        if leg is not None:
            _observe(leg, exchange, asked, answered)
    return list(found.values())


def findings(leg: Leg) -> Iterator[tuple[str, bool]]:
    """What can be said of the leg so far: the name of each rule, and whether it held."""
    for name, rule in RULES.items():
        held = rule(leg)
        if held is not None:
            yield name, held


def _observe(
    leg: Leg, exchange: Exchange, asked: Mapping[str, str], answered: Mapping[str, str]
) -> None:
    if answered.get("state") == leg.asked.get("state") and {"code", "error"} & answered.keys():
        leg.answered = answered
    if asked.get("grant_type") == "authorization_code":
        leg.redeemed.append(asked)
    for token in tokens(exchange):
        if token.name == "id_token" and token.claims and "id_token" in document(exchange):
            leg.id_token = token.claims
        if token.name == "userinfo" and token.claims:
            leg.userinfo = token.claims
    if exchange.url.endswith("/userinfo") and document(exchange):
        leg.userinfo = document(exchange)


def _issuer_named(leg: Leg) -> bool | None:
    return "iss" in leg.answered if leg.answered else None


def _same_nonce(leg: Leg) -> bool | None:
    if "nonce" not in leg.asked or not leg.id_token:
        return None
    return bool(leg.id_token.get("nonce") == leg.asked["nonce"])


def _meant_for_the_client(leg: Leg) -> bool | None:
    audience = leg.id_token.get("aud")
    if audience is None:
        return None
    return leg.asked["client_id"] in (audience if isinstance(audience, list) else [audience])


def _challenge_met(leg: Leg) -> bool | None:
    if _CHALLENGE not in leg.asked or not leg.redeemed:
        return None
    verifier = leg.redeemed[0].get("code_verifier", "")
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode() == leg.asked[_CHALLENGE]


def _redeemed_once(leg: Leg) -> bool | None:
    return len(leg.redeemed) == 1 if leg.redeemed else None


def _same_person(leg: Leg) -> bool | None:
    if not leg.id_token or not leg.userinfo:
        return None
    return bool(leg.id_token.get("sub") == leg.userinfo.get("sub"))


RULES: dict[str, Callable[[Leg], bool | None]] = {
    "issuer_named": _issuer_named,
    "challenge_met": _challenge_met,
    "redeemed_once": _redeemed_once,
    "same_nonce": _same_nonce,
    "meant_for_the_client": _meant_for_the_client,
    "same_person": _same_person,
}
"""RFC 9207; RFC 7636 §4.6; RFC 6749 §4.1.2; OpenID Connect Core §2, §3.1.3.7 and §5.3.2."""
