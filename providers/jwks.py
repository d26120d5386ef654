"""
The keys a provider signs with: fetched once, parsed once, refreshed when an unknown one appears.

A refresh outside the lifetime is rationed, so that tokens with invented key ids cannot make us
hammer the provider; the ration is wide enough for a rotation to lose no login.
"""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from providers.call_faults import JWKS
from providers.calls import Calls, read_object
from providers.faults import JwksEmpty, JwksMalformed
from providers.remembered import Remembered
from providers.token_faults import UnknownKey

VerificationKey = ECKey | RSAKey
Keys = tuple[VerificationKey, ...]
Header = Mapping[str, Any]
Fetch = Callable[[], dict[str, Any]]
"""Gives the key document of the provider, or raises the fault of its endpoint."""

MAX_KEYS = 50
MIN_RSA_BITS = 2048
# Base64 letters of a modulus of 2048 and of 8192 bits: judged before any arithmetic.
_MODULUS_LETTERS = range(342, 1367)
REFRESHES = 10
SECONDS_PER_REFRESH = 30.0
_ACCEPT = {"Accept": "application/json, application/jwk-set+json"}
_KINDS: Mapping[str, type[ECKey] | type[RSAKey]] = {"EC": ECKey, "RSA": RSAKey}
_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


class _RationUsedError(Exception):
    """Nothing may be fetched now."""


class KeySource:
    """The verification keys of one provider, remembered for `lifetime` seconds."""

    def __init__(self, lifetime: float) -> None:
        self._remembered: Remembered[Keys] = Remembered(lifetime)
        self._ration = Ration(REFRESHES, SECONDS_PER_REFRESH)

    def find(self, header: Header, now: float, fetch: Fetch) -> VerificationKey:
        """The key for a token of this header; UnknownKey when none is published."""
        keys = self._remembered.get(now, lambda: parsed_keys(fetch()))
        key = _suiting(keys, header) or self.renewed(header, now, fetch, keys)
        if key is None:
            raise UnknownKey(kid=header.get("kid", ""), alg=header["alg"])
        return key

    def renewed(
        self, header: Header, now: float, fetch: Fetch, seen: Keys | None = None
    ) -> VerificationKey | None:
        """
        The key as published now, None when there is none or the ration is used up.

        Whoever misses a key while others do shares their fetch, and their share of the ration;
        `seen` are the keys it was missed in, so that newer ones are tried before any fetch.
        """

        def load() -> Keys:
            current = self._remembered.current
            if current is not None and seen is not None and current is not seen:
                return current
            if not self._ration.take(now):
                raise _RationUsedError
            return parsed_keys(fetch())

        try:
            return _suiting(self._remembered.reload(now, load), header)
        except _RationUsedError:
            return None


class Ration:
    """So many at once, one more every so many seconds; told the time, never asks for it."""

    def __init__(self, most: int, seconds_each: float) -> None:
        self._most, self._seconds_each = most, seconds_each
        self._left, self._since = float(most), 0.0
        self._lock = Lock()

    def take(self, now: float) -> bool:
        """Whether there was one left at `now`; then it is taken."""
        with self._lock:
            earned = max(now - self._since, 0.0) / self._seconds_each
            self._left, self._since = min(self._left + earned, self._most), now
            if self._left < 1:
                return False
            self._left -= 1
            return True


def fetched_keys(url: str, calls: Calls) -> dict[str, Any]:
    """The JWK set at `url`, or a fault of its endpoint."""
    return read_object(calls.get(url, _ACCEPT, JWKS), JWKS)


def parsed_keys(document: dict[str, Any]) -> Keys:
    """
    The usable signature keys of a JWK set.

    A key not understood is passed over (RFC 7517 §5), so that a provider may publish kinds of keys
    we do not know; a set without any usable one is refused.
    """
    listed = document.get("keys")
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise JwksMalformed
    keys = tuple(key for jwk in listed if (key := _verification_key(jwk)) is not None)
    if not keys:
        raise JwksEmpty(listed=len(listed))
    return keys


def _verification_key(jwk: object) -> VerificationKey | None:
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig":
        return None
    kind = _KINDS.get(str(jwk.get("kty")))
    if kind is None or (kind is RSAKey and len(str(jwk.get("n"))) not in _MODULUS_LETTERS):
        return None
    try:
        key = kind.import_key(jwk)
        key.check_key_op("verify")
    except (JoseError, ValueError, KeyError, TypeError, OverflowError):
        return None
    short = isinstance(key, RSAKey) and key.raw_value.key_size < MIN_RSA_BITS
    return None if short or key.is_private else key


def _suiting(keys: Keys, header: Header) -> VerificationKey | None:
    """The key of that id that can verify that algorithm; without an id, the only such key."""
    kid, alg = header.get("kid"), header["alg"]
    fitting = [key for key in keys if key.kid == kid or kid is None]
    fitting = [key for key in fitting if key.get("alg") in (None, alg) and _verifies(key, alg)]
    if not fitting or (kid is None and len(fitting) > 1):
        return None
    return fitting[0]


def _verifies(key: VerificationKey, alg: str) -> bool:
    if isinstance(key, ECKey):
        return _CURVES.get(alg) == key.curve_name
    return alg[:2] in {"RS", "PS"}
