"""
The public keys of a service: registered by value, or fetched from its `jwks_uri`.

Fetched keys are remembered for ten minutes; an unknown key id or an unverifiable signature asks
again, once a minute at most. The call follows no redirect, and its size and time are bounded.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from broker.clients.signed import claims_of_jws
from broker.errors import ClientAssertionError, PasserelleError
from broker.outside import Clock
from providers.http import CallFailedError, Http

_KEEP_SECONDS = 600.0
_RETRY_SECONDS = 60.0
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


class ClientKeys:
    """Finds the keys of services; parsed once for each version of the set."""

    def __init__(self, http: Http, clock: Clock) -> None:
        self._http, self._clock = http, clock
        self._sets: dict[str, tuple[float, KeySet]] = {}
        self._lock = threading.Lock()

    def of(self, settings: HasKeys, *, again: bool = False) -> KeySet:
        """The key set of this service; `again` when the one at hand did not verify."""
        if settings.jwks is not None:
            return _read(settings.jwks)
        if settings.jwks_uri is None:
            raise ClientAssertionError(detail="the client registered no key")
        return self._fetched(settings.jwks_uri, again=again)

    def verified(
        self,
        settings: HasKeys,
        token: str,
        algorithms: Sequence[str],
        refusal: type[PasserelleError],
    ) -> Mapping[str, Any]:
        """
        The claims of a JWS of this service, else `refusal`.

        Keys behind a `jwks_uri` may just have been rotated: they are asked again before refusing.
        """
        keys = self.of(settings)
        try:
            return claims_of_jws(token, keys, algorithms, refusal)
        except refusal:
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

    def _fetched(self, uri: str, *, again: bool) -> KeySet:
        now = self._clock()
        with self._lock:
            read_at, known = self._sets.get(uri, (float("-inf"), None))
        age = now - read_at
        if known is not None and 0 <= age < (_RETRY_SECONDS if again else _KEEP_SECONDS):
            return known
        found = _read(self._call(uri))
        with self._lock:
            self._sets[uri] = (now, found)
        return found

    def _call(self, uri: str) -> dict[str, Any]:
        try:
            reply = self._http.send("GET", uri, headers={"Accept": "application/json"})
            document = json.loads(reply.body) if reply.status == _OK else None
        except (CallFailedError, ValueError, RecursionError) as fault:
            raise ClientAssertionError(detail="jwks_uri could not be read") from fault
        if not isinstance(document, dict):
            raise ClientAssertionError(detail="jwks_uri could not be read")
        return document


def _read(document: dict[str, Any]) -> KeySet:
    keys = document.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= _MOST_KEYS:
        raise ClientAssertionError(detail=f"the key set must hold 1 to {_MOST_KEYS} keys")
    try:
        return KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise ClientAssertionError(detail="the key set of the client is malformed") from fault
