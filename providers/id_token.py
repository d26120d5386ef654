"""
What the claims of a verified ID token must say, one function for each check, in order.

OpenID Connect Core §3.1.3.7 and §3.1.2.1; nothing is coerced, nothing is skipped because the
token says so.
"""

import hashlib
import hmac
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.levels import Level
from providers.protocol import Trip
from providers.settings import ProviderSettings
from providers.token_faults import (
    AuthTimeInFuture,
    AuthTimeMissing,
    AuthTimeTooOld,
    ClaimMalformed,
    Expired,
    IssuedInFuture,
    LevelMissing,
    LevelNotAllowed,
    LevelTooLow,
    MissingNonce,
    NotYetValid,
    SubjectInvalid,
    WrongAtHash,
    WrongAudience,
    WrongAzp,
    WrongIssuer,
    WrongNonce,
)

SKEW_SECONDS = 60
MAX_SUBJECT = 255
_END_OF_TIME = 10**11
_NOBODY = frozenset({"null", "none", "nil", "undefined", "nan"})
_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the token must answer: the provider's settings, the trip, the access token beside it."""

    settings: ProviderSettings
    trip: Trip
    access_token: str


def check_id_token(claims: Claims, asked: Asked) -> None:
    """Raise the fault of the first check that fails."""
    for check in CHECKS:
        check(claims, asked)


def right_issuer(claims: Claims, asked: Asked) -> None:
    """`iss` is the issuer, character by character."""
    if claims.get("iss") != asked.settings.issuer:
        raise WrongIssuer


def right_audience(claims: Claims, asked: Asked) -> None:
    """`aud` names this client, alone or in a list of texts."""
    if asked.settings.client_id not in audiences(claims):
        raise WrongAudience


def right_party(claims: Claims, asked: Asked) -> None:
    """`azp` names this client, and is there beside several audiences."""
    azp = claims.get("azp")
    if azp is None and len(audiences(claims)) <= 1:
        return
    if azp != asked.settings.client_id:
        raise WrongAzp


def audiences(claims: Claims) -> list[str]:
    """The audiences; none at all when one of them is no text."""
    aud = claims.get("aud")
    listed: list[Any] = aud if isinstance(aud, list) else [aud]
    return listed if all(isinstance(one, str) for one in listed) else []


def not_expired(claims: Claims, asked: Asked) -> None:
    """`exp` is to come, give or take the skew."""
    if _seconds(claims, "exp") <= asked.trip.now - SKEW_SECONDS:
        raise Expired


def already_valid(claims: Claims, asked: Asked) -> None:
    """`nbf`, where there is one, has come."""
    if "nbf" in claims and _seconds(claims, "nbf") > asked.trip.now + SKEW_SECONDS:
        raise NotYetValid


def already_issued(claims: Claims, asked: Asked) -> None:
    """`iat` has come."""
    if _seconds(claims, "iat") > asked.trip.now + SKEW_SECONDS:
        raise IssuedInFuture


def _seconds(claims: Claims, name: str) -> float:
    """The Unix time in a claim; the bounds also refuse infinity and numbers no float can hold."""
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ClaimMalformed(claim=name)
    if not 0 <= value < _END_OF_TIME:
        raise ClaimMalformed(claim=name)
    return float(value)


def right_nonce(claims: Claims, asked: Asked) -> None:
    """`nonce` is that of this trip; no claim of the token can switch this off."""
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise MissingNonce
    if not same(nonce, asked.trip.nonce):
        raise WrongNonce


def same(one: str, other: str) -> bool:
    """Equality in constant time of any two texts."""
    return hmac.compare_digest(
        one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
    )


def usable_subject(claims: Claims, _asked: Asked) -> None:
    """`sub` is a text of 1 to 255 printable characters, kept as it is, and no word for nobody."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= MAX_SUBJECT:
        raise SubjectInvalid
    if not subject.strip() or subject.strip().lower() in _NOBODY:
        raise SubjectInvalid
    if any(unicodedata.category(c)[0] == "C" for c in subject):
        raise SubjectInvalid


def right_access_token_hash(claims: Claims, asked: Asked) -> None:
    """`at_hash`, where there is one, is that of the access token (Core §3.1.3.6)."""
    if "at_hash" not in claims:
        return
    found = claims["at_hash"]
    digest = _HASHES[asked.settings.id_token_alg[-3:]](asked.access_token.encode("ascii")).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")
    if not isinstance(found, str) or not same(found, half):
        raise WrongAtHash


def sufficient_level(claims: Claims, asked: Asked) -> None:
    """`acr` is at least the level asked for, and one this provider may vouch for."""
    level = reached_level(claims, asked.settings)
    if level.rank < asked.trip.level.rank:
        raise LevelTooLow(acr=level.value, asked=asked.trip.level.value)
    if level not in asked.settings.levels:
        raise LevelNotAllowed(acr=level.value)


def reached_level(claims: Claims, settings: ProviderSettings) -> Level:
    """The level behind the provider's own name for it in `acr`."""
    acr = claims.get("acr")
    if not isinstance(acr, str) or not acr:
        raise LevelMissing
    for level in Level:
        if acr == settings.acr.get(level, level.value):
            return level
    raise LevelNotAllowed(acr=acr)


def recent_authentication(claims: Claims, asked: Asked) -> None:
    """
    `auth_time` has come, is no older than the greatest age asked for, nor than a login that asked
    for a new sign-in (`prompt=login`); not every provider tells it then.
    """
    max_age, now = asked.trip.max_age, asked.trip.now
    if "auth_time" not in claims:
        if max_age is not None:
            raise AuthTimeMissing
        return
    signed_in = _seconds(claims, "auth_time")
    if signed_in > now + SKEW_SECONDS:
        raise AuthTimeInFuture
    if max_age is not None and now - signed_in > max_age + SKEW_SECONDS:
        raise AuthTimeTooOld(age=int(now - signed_in), asked=max_age)
    if asked.trip.force_login and signed_in < asked.trip.begun - SKEW_SECONDS:
        raise AuthTimeTooOld(age=int(now - signed_in), asked="a new sign-in")


CHECKS = (
    right_issuer,
    right_audience,
    right_party,
    not_expired,
    already_valid,
    already_issued,
    right_nonce,
    usable_subject,
    right_access_token_hash,
    sufficient_level,
    recent_authentication,
)
