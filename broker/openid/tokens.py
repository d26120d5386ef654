"""What a service receives: the code's content at consent, the ID token, the claims of userinfo."""

import hashlib
from dataclasses import dataclass
from typing import Any

from joserfc import jwt

from broker.keys.ring import KeyRing
from broker.login.attempt import Attempt
from broker.openid.grants import Grant
from broker.outside import Clock
from broker.sealing import Sealer, b64

_HALF_SHA256 = 16


def at_hash(access_token: str) -> str:
    """The left half of the token's SHA-256 (OIDC Core §3.1.3.6)."""
    return b64(hashlib.sha256(access_token.encode()).digest()[:_HALF_SHA256])


@dataclass(frozen=True, slots=True)
class TokenMaker:
    """Signs ID tokens and userinfo answers for this issuer."""

    issuer: str
    keys: KeyRing
    sealer: Sealer
    clock: Clock
    id_token_seconds: int

    def content(self, attempt: Attempt, sub: str, claims: dict[str, Any]) -> dict[str, Any]:
        """What the grant keeps: `id_token` claims known now, and the claims of `userinfo`."""
        who = attempt.authentication
        if who is None:
            raise ValueError("nobody has signed in for this attempt")
        id_token: dict[str, Any] = {
            "sub": sub,
            "acr": who.level.value,
            "auth_time": who.auth_time,
            "sid": self.sid(who.session),
        }
        if attempt.request.nonce is not None:
            id_token["nonce"] = attempt.request.nonce
        if "amr" in claims:
            id_token["amr"] = claims["amr"]
        return {"id_token": id_token, "userinfo": {"sub": sub, **claims}}

    def sid(self, session: str) -> str:
        """The public name of a browser session; it opens nothing."""
        return self.sealer.mac(session, "sid")[:22]

    def id_token(self, grant: Grant, access_token: str) -> str:
        """The ID token of a redeemed code (OIDC Core §2), signed by the current key."""
        now = int(self.clock())
        claims = {
            "iss": self.issuer,
            "aud": grant.client_id,
            "iat": now,
            "exp": now + self.id_token_seconds,
            "at_hash": at_hash(access_token),
            **grant.content["id_token"],
        }
        return self.sign(claims, "ES256")

    def userinfo_jwt(self, grant: Grant, alg: str) -> str:
        """The claims of userinfo as a signed JWT (OIDC Core §5.3.2)."""
        now = int(self.clock())
        claims = {"iss": self.issuer, "aud": grant.client_id, "iat": now}
        return self.sign({**claims, **grant.content["userinfo"]}, alg)

    def sign(self, claims: dict[str, Any], alg: str, typ: str = "JWT") -> str:
        """A compact JWS of `claims` under the current key of `alg`."""
        signing = self.keys.current(alg)
        header = {"alg": alg, "kid": signing.kid, "typ": typ}
        return jwt.encode(header, claims, signing.key, algorithms=[alg])
