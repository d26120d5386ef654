"""What a service receives: the code's content at consent, the ID token, the claims of userinfo."""

import hashlib
from dataclasses import dataclass
from typing import Any

from joserfc import jwe, jwt

from broker.clients.client import Client
from broker.clients.keys import ClientKeys, HasKeys
from broker.keys.ring import KeyRing
from broker.login.attempt import Attempt
from broker.openid.grants import Grant
from broker.openid.lifetimes import Lifetimes
from broker.outside import Clock
from broker.sealing import Sealer, b64

_HALF_SHA256 = 16
_SID_CHARS = 22
CONTENT_ENCRYPTION = "A256GCM"


def at_hash(access_token: str) -> str:
    """The left half of the token's SHA-256 (OIDC Core §3.1.3.6)."""
    return b64(hashlib.sha256(access_token.encode()).digest()[:_HALF_SHA256])


@dataclass(frozen=True, slots=True)
class TokenMaker:
    """Signs, and where a service registered for it encrypts, what this issuer says."""

    issuer: str
    keys: KeyRing
    client_keys: ClientKeys
    sealer: Sealer
    clock: Clock
    lifetimes: Lifetimes

    def content(self, attempt: Attempt, sub: str, claims: dict[str, Any]) -> dict[str, Any]:
        """What the grant keeps: `id_token` claims known now, and the claims of `userinfo`."""
        who = attempt.authentication
        if who is None:
            raise ValueError("nobody has signed in for this attempt")
        id_token: dict[str, Any] = {
            "sub": sub,
            "acr": who.level.value,
            "auth_time": who.auth_time,
            "sid": self.sid(who.session, attempt.request.client_id),
        }
        if attempt.request.nonce is not None:
            id_token["nonce"] = attempt.request.nonce
        asked = {"amr", *attempt.request.in_id_token}
        id_token |= {name: value for name, value in claims.items() if name in asked}
        return {"id_token": id_token, "userinfo": {"sub": sub, **claims}}

    def sid(self, session: str, client_id: str) -> str:
        """
        The name of a browser session for one service; it opens nothing.

        Two services that compare theirs learn nothing, as with `sub`.
        """
        return self.sealer.mac(f"{session}\0{client_id}", "sid")[:_SID_CHARS]

    def id_token(self, grant: Grant, client: Client, access_token: str) -> str:
        """The ID token of a redeemed code (OIDC Core §2), for the service alone where it asked."""
        settings, now = client.settings, int(self.clock())
        claims = {
            "iss": self.issuer,
            "aud": grant.client_id,
            "iat": now,
            "exp": now + self.lifetimes.of(client).id_token,
            "at_hash": at_hash(access_token),
            **grant.content["id_token"],
        }
        signed = self.sign(claims, settings.id_token_signed_alg)
        return self.encrypted(signed, settings, settings.id_token_encrypted_alg)

    def userinfo_jwt(self, grant: Grant, client: Client, alg: str) -> str:
        """The claims of userinfo as a signed JWT (OIDC Core §5.3.2)."""
        now = int(self.clock())
        claims = {"iss": self.issuer, "aud": grant.client_id, "iat": now}
        signed = self.sign({**claims, **grant.content["userinfo"]}, alg)
        return self.encrypted(signed, client.settings, client.settings.userinfo_encrypted_alg)

    def sign(self, claims: dict[str, Any], alg: str, typ: str = "JWT") -> str:
        """A compact JWS of `claims` under the current key of `alg`."""
        signing = self.keys.current(alg)
        header = {"alg": alg, "kid": signing.kid, "typ": typ}
        return jwt.encode(header, claims, signing.key, algorithms=[alg])

    def encrypted(self, signed: str, owner: HasKeys, alg: str | None) -> str:
        """
        A compact JWE around `signed` for its reader's key; `signed` itself without `alg`.

        A JWT in a JWT says so in `cty` (RFC 7519 §5.2).
        """
        if alg is None:
            return signed
        key = self.client_keys.encryption_key(owner, alg)
        header: dict[str, Any] = {"alg": alg, "enc": CONTENT_ENCRYPTION, "cty": "JWT"}
        if key.kid is not None:
            header["kid"] = key.kid
        algorithms = [alg, CONTENT_ENCRYPTION]
        return jwe.encrypt_compact(header, signed.encode(), key, algorithms=algorithms)
