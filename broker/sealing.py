"""
Sealing: what the broker derives from its secrets instead of storing it.

Three operations, each bound to a purpose so that a value made for one never serves another:
`mac` (a keyed fingerprint, for look-ups and signed hops), `seal` and `open` (AES-256-GCM). Keys
are derived with HKDF-SHA256 (RFC 5869) from the current secret; a sealed value carries the id of
its secret, so that older secrets still open what they sealed after a rotation.
"""

import base64
import hashlib
import hmac
import secrets
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_ID_BYTES = 4
_NONCE_BYTES = 12
_MAC_BYTES = 32


class UnsealError(ValueError):
    """The sealed value was altered, made for another purpose, or sealed with an unknown secret."""


def b64(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return b2a_base64(data, newline=False).translate(_URL_SAFE).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The inverse of `b64`; ValueError when the text is none."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def digest(kind: str, value: str) -> str:
    """How a bearer value is stored: its kind is part of the hash, so kinds never mix."""
    return b64(hashlib.sha256(f"{kind}:{value}".encode()).digest())


class Sealer:
    """Seals and fingerprints with `secret`; `older` secrets only open."""

    def __init__(
        self,
        secret: str,
        older: Sequence[str] = (),
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._random = random
        self._secrets = {_secret_id(text): text.encode() for text in (*older, secret)}
        self._current = _secret_id(secret)
        self._key = lru_cache(maxsize=256)(self._derive)
        self._cipher = lru_cache(maxsize=256)(self._derive_cipher)

    def mac(self, text: str, purpose: str) -> str:
        """A 256-bit keyed fingerprint of `text`, base64url."""
        return b64(self.mac_bytes(text.encode(), purpose))

    def macs(self, text: str, purpose: str) -> list[str]:
        """The fingerprints of `text` under every known secret, the current one first."""
        ids = [self._current, *(i for i in self._secrets if i != self._current)]
        keys = (self._key(secret_id, f"mac:{purpose}") for secret_id in ids)
        return [b64(_keyed(key, text.encode())) for key in keys]

    def mac_bytes(self, data: bytes, purpose: str) -> bytes:
        """The same, from and to bytes."""
        return _keyed(self._key(self._current, f"mac:{purpose}"), data)

    @staticmethod
    def same(made: str, claimed: str) -> bool:
        """Whether `claimed` equals what we made, compared in constant time."""
        return hmac.compare_digest(made.encode(), claimed.encode("utf-8", "replace"))

    def seal(self, data: bytes, purpose: str) -> bytes:
        """Encrypt and authenticate `data` for one purpose."""
        nonce = self._random(_NONCE_BYTES)
        cipher = self._cipher(self._current, purpose)
        return self._current + nonce + cipher.encrypt(nonce, data, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """The inverse of `seal`; UnsealError when anything differs."""
        key_id, rest = bytes(sealed[:_ID_BYTES]), sealed[_ID_BYTES:]
        if key_id not in self._secrets:
            raise UnsealError("sealed with an unknown secret")
        nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            return self._cipher(key_id, purpose).decrypt(nonce, body, purpose.encode())
        except (InvalidTag, ValueError) as fault:
            raise UnsealError("altered, or sealed for another purpose") from fault

    def is_current(self, sealed: bytes) -> bool:
        """Whether a rotation has nothing left to do for this value."""
        return bytes(sealed[:_ID_BYTES]) == self._current

    def _derive(self, key_id: bytes, purpose: str) -> bytes:
        kdf = HKDF(hashes.SHA256(), 32, b"passerelle", purpose.encode())
        return kdf.derive(self._secrets[key_id])

    def _derive_cipher(self, key_id: bytes, purpose: str) -> AESGCM:
        return AESGCM(self._derive(key_id, f"seal:{purpose}"))


def _keyed(key: bytes, data: bytes) -> bytes:
    # Keyed BLAKE2b (RFC 7693): a login makes thirty fingerprints, and HMAC costs thrice as much.
    return hashlib.blake2b(data, key=key, digest_size=_MAC_BYTES).digest()


def _secret_id(secret: str) -> bytes:
    return hashlib.sha256(b"id:" + secret.encode()).digest()[:_ID_BYTES]
