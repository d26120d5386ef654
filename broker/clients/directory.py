"""
The directory of services: those of the settings, parsed once, and those of the database.

A service of the database is remembered for a few seconds, so that a change takes effect on every
node within `FRESH_SECONDS` while a login reads nothing; the memory is bounded.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable

from sqlalchemy import Engine

from broker.clients import store
from broker.clients.client import Client
from broker.database import reading
from broker.errors import DisabledClientError
from broker.outside import Clock
from broker.settings.clients import ClientSettings

FRESH_SECONDS = 4.0
# What may be registered: nothing else reaches the database, whose text refuses some characters.
_CLIENT_ID = re.compile(r"[A-Za-z0-9._~-]{3,255}")
_REMEMBERED = 4096


class Clients:
    """Services by client_id."""

    def __init__(self, declared: Iterable[ClientSettings], engine: Engine, clock: Clock) -> None:
        self._declared = {c.client_id: Client.declared(c) for c in declared}
        self._engine, self._clock = engine, clock
        self._read: OrderedDict[str, tuple[float, Client | None]] = OrderedDict()
        self._lock = threading.Lock()
        self._origins: frozenset[str] = frozenset()
        self._origins_read_at = float("-inf")

    def find(self, client_id: str | None) -> Client | None:
        """The active service of that id, or None."""
        client = self._declared.get(client_id or "") or self._stored(client_id or "")
        return None if client is None or client.settings.disabled else client

    def active(self, client_id: str) -> Client:
        """The active service of a login that has begun; DisabledClientError when it was closed."""
        client = self.find(client_id)
        if client is None:
            raise DisabledClientError
        return client

    def declared(self) -> tuple[Client, ...]:
        """The services of the settings, disabled or not."""
        return tuple(self._declared.values())

    def is_declared(self, client_id: str) -> bool:
        """Whether the settings declare this service."""
        return client_id in self._declared

    def knows_origin(self, origin: str) -> bool:
        """Whether some active public service registered pages of this origin to call from."""
        now = self._clock()
        if not 0 <= now - self._origins_read_at < FRESH_SECONDS:
            with reading(self._engine) as connection:
                everyone = [*self._declared.values(), *store.everyone(connection)]
            self._origins = frozenset(o for c in everyone for o in _origins_of(c.settings))
            self._origins_read_at = now
        return origin in self._origins

    def _stored(self, client_id: str) -> Client | None:
        if not _CLIENT_ID.fullmatch(client_id):
            return None
        now = self._clock()
        with self._lock:
            read_at, client = self._read.get(client_id, (float("-inf"), None))
        # A clock set back must not keep an old answer for ever.
        if 0 <= now - read_at < FRESH_SECONDS:
            return client
        with reading(self._engine) as connection:
            client = store.find(connection, client_id)
        with self._lock:
            self._read[client_id] = (now, client)
            self._read.move_to_end(client_id)
            while len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        return client


def _origins_of(settings: ClientSettings) -> tuple[str, ...]:
    """The pages that may call: those of public services, the only ones without a server."""
    public = settings.client_auth == "none" and not settings.disabled
    return settings.cors_origins if public else ()
