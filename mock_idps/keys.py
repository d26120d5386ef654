"""
Signing keys of one issuer, made at first use and kept in memory.

A rotation has two steps, as OpenID Connect Core §10.1.1 wants it: publish the next key, then sign
with it. The previous keys stay published until they are retired.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from joserfc.jwk import ECKey, Key, KeyParameters, KeySet, RSAKey
from joserfc.jws import JWSRegistry

_PUBLISHED = 20
MakeKey = Callable[[str], Key]
"""A private key for an algorithm, another one at each call."""


class KeyRing:
    """The keys of one issuer for one algorithm (`ES256` or `RS256`). Safe between threads."""

    def __init__(self, alg: str, make: MakeKey | None = None) -> None:
        self.alg = alg
        self._make = make or make_key
        self._lock = RLock()
        self._published: list[Key] = []
        self._signing: Key | None = None
        self._foreign: Key | None = None

    @property
    def signing(self) -> Key:
        """The private key that signs now."""
        with self._lock:
            if self._signing is None:
                self._signing = self.publish()
            return self._signing

    @property
    def foreign(self) -> Key:
        """A private key that is never published."""
        with self._lock:
            if self._foreign is None:
                self._foreign = self._make(self.alg)
            return self._foreign

    @property
    def kids(self) -> list[str]:
        """Identifiers of the published keys, oldest first."""
        with self._lock:
            return [str(key.kid) for key in self._published]

    def publish(self) -> Key:
        """First step of a rotation: a further key appears in the JWKS; it signs nothing yet."""
        with self._lock:
            key = self._make(self.alg)
            self._published.append(key)
            while len(self._published) > _PUBLISHED:
                self._published.remove(self._oldest_idle())
            return key

    def use(self) -> Key:
        """Second step: the newest published key signs from now on."""
        with self._lock:
            self._signing = self._published[-1] if self._published else self.publish()
            return self._signing

    def _oldest_idle(self) -> Key:
        return next(key for key in self._published if key is not self._signing)

    def retire(self) -> None:
        """Unpublish every key but the one that signs."""
        with self._lock:
            self._published = [self.signing]

    def jwks(self) -> dict[str, Any]:
        """The published keys (RFC 7517 §5), without private parts."""
        with self._lock:
            _ = self.signing
            return dict(KeySet(list(self._published)).as_dict(private=False))


def make_key(alg: str) -> Key:
    """A private key for that algorithm, its `kid` the thumbprint of RFC 7638."""
    parameters: KeyParameters = {"alg": alg, "use": "sig"}
    key: Key = (
        RSAKey.generate_key(2048, parameters, auto_kid=True)
        if alg == "RS256"
        else ECKey.generate_key("P-256", parameters, auto_kid=True)
    )
    return key


def sealed(header: Mapping[str, Any], claims: Mapping[str, Any], key: Key | bytes) -> str:
    """
    A compact JWS over these very claims (RFC 7515 §7.1), signed as `header["alg"]` says.

    A key of bytes is the secret of an HS256. Put together by hand: a library rightly refuses to
    write what a liar needs to say.
    """
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (header, claims)]
    signed = b".".join(unpadded(part) for part in parts)
    signature = (
        hmac.digest(key, signed, "sha256")
        if isinstance(key, bytes)
        else JWSRegistry.algorithms[header["alg"]].sign(signed, key)
    )
    return (signed + b"." + unpadded(signature)).decode()


def unpadded(data: bytes) -> bytes:
    """Base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(data).rstrip(b"=")
