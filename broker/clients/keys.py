"""
The public keys of a service: registered by value, or fetched from its `jwks_uri`.

Fetched keys are remembered for ten minutes, and serve ten more while they cannot be read again; an
unknown key id or an unverifiable signature asks again, once a minute at most. One thread asks and
others share what it got; whatever is sent to us, an address that fails is called every thirty
seconds at most. The call follows no redirect, and its size and time are bounded.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from broker.clients.signed import Refusal, claims_of_jws
from broker.errors import ClientAssertionError, PasserelleError
from broker.outside import Clock
from providers.faults import ProviderFault
from providers.http import CallFailedError, Http, Limits
from providers.jwks import Ration
from providers.remembered import Remembered

_KEEP_SECONDS = 600.0
_AGAIN_SECONDS = 60.0
_CALL_SECONDS = 30.0
_LIMITS = Limits(connect=1.0, read=3.0)
_OK = 200
_MOST_KEYS = 20


class HasKeys(Protocol):
    """Whoever registered keys: a service, or a provider of data."""

    @property
    def jwks(self) -> dict[str, Any] | None:
        """The key set by value."""

    @property
    def jwks_uri(self) -> str | None:
        """Where the key set is published."""


class KeysUnreadableError(ProviderFault):
    """The keys of a service cannot be had now; `told` says why, for whoever runs it."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told


class _Published:
    """The key set behind one address."""

    def __init__(self, load: Callable[[], KeySet]) -> None:
        self._load = load
        self._remembered: Remembered[KeySet] = Remembered(_KEEP_SECONDS)
        self._calls = Ration(1, _CALL_SECONDS)
        self._read_at = float("-inf")

    def at(self, now: float) -> KeySet:
        """The set as last read; KeysUnreadableError when there is none to serve."""
        return self._remembered.get(now, lambda: self._called(now))

    def renewed(self, now: float) -> KeySet:
        """The set as published now, or the one at hand."""
        known = self._remembered.current
        if known is not None and 0 <= now - self._read_at < _AGAIN_SECONDS:
            return known
        try:
            return self._remembered.reload(now, lambda: self._called(now))
        except KeysUnreadableError:
            if known is None:
                raise
            return known

    def _called(self, now: float) -> KeySet:
        if not self._calls.take(now):
            raise KeysUnreadableError("jwks_uri could not be read a moment ago")
        found = self._load()
        self._read_at = now
        return found


class ClientKeys:
    """Finds the keys of services; parsed once for each version of the set."""

    def __init__(self, http: Http, clock: Clock) -> None:
        self._http, self._clock = http, clock
        self._published: dict[str, _Published] = {}
        self._lock = threading.Lock()

    def of(self, settings: HasKeys, *, again: bool = False) -> KeySet:
        """The key set of this service; `again` when the one at hand did not verify."""
        try:
            if settings.jwks is not None:
                return _read(settings.jwks)
            published = self._behind(settings.jwks_uri)
            return published.renewed(self._clock()) if again else published.at(self._clock())
        except KeysUnreadableError as fault:
            raise ClientAssertionError(detail=fault.told) from fault

    def verified(
        self,
        settings: HasKeys,
        token: str,
        algorithms: Sequence[str],
        refusal: Refusal,
    ) -> Mapping[str, Any]:
        """
        The claims of a JWS of this service, else `refusal`.

        Keys behind a `jwks_uri` may just have been rotated: they are asked again before refusing.
        """
        keys = self.of(settings)
        try:
            return claims_of_jws(token, keys, algorithms, refusal)
        except PasserelleError:
            if settings.jwks_uri is None:
                raise
        return claims_of_jws(token, self.of(settings, again=True), algorithms, refusal)

    def encryption_key(self, settings: HasKeys, alg: str) -> Key:
        """The first key of this service that may encrypt with `alg`."""
        kind = "EC" if alg.startswith("ECDH") else "RSA"
        for key in self.of(settings).keys:
            if key.key_type == kind and key.get("use") in {None, "enc"}:
                return key
        raise ClientAssertionError(detail=f"the client registered no {kind} key for encryption")

    def _behind(self, uri: str | None) -> _Published:
        if uri is None:
            raise KeysUnreadableError("the client registered no key")
        with self._lock:
            if uri not in self._published:
                self._published[uri] = _Published(lambda: _read(self._call(uri)))
            return self._published[uri]

    def _call(self, uri: str) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        try:
            reply = self._http.send("GET", uri, headers=headers, limits=_LIMITS)
            document = json.loads(reply.body) if reply.status == _OK else None
        except (CallFailedError, ValueError, RecursionError) as fault:
            raise KeysUnreadableError("jwks_uri could not be read") from fault
        if not isinstance(document, dict):
            raise KeysUnreadableError("jwks_uri could not be read")
        return document


def _read(document: dict[str, Any]) -> KeySet:
    keys = document.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= _MOST_KEYS:
        raise KeysUnreadableError(f"the key set must hold 1 to {_MOST_KEYS} keys")
    try:
        return KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise KeysUnreadableError("the key set of the client is malformed") from fault
