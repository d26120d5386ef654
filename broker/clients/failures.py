"""
Failures: how often somebody may be wrong about a secret or a code before being asked to wait.

Counted in the database, for a service at one network address and for the address alone, so that
a guesser keeps no one out who calls from elsewhere. A call that succeeds costs no statement: what
is used up is remembered here as well, by each node that counted it.
"""

import ipaddress
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    case,
    delete,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from broker.database import BROKER
from broker.errors import PasserelleError, TooManyFailuresError
from broker.outside import Clock
from broker.sealing import Sealer, b64

FAILURE = Table(
    "client_failure",
    BROKER,
    Column("key", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("ends_at", Float, nullable=False),
    Index("client_failure_expiry", "ends_at"),
)
SECONDS = 300
_REMEMBERED = 4096
_LONGEST = 255  # of a client_id that exists
_IPV6_SITE = 64  # one subscriber has all of it (RFC 6177)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` failures in a stretch of `SECONDS`, which begins with the first of them."""

    name: str
    most: int


SECRETS_OF_ONE = Limit("secret:client", 20)
SECRETS = Limit("secret:address", 100)
CODES_OF_ONE = Limit("code:client", 50)

Counted = tuple[Limit, str, str]
"""A limit, the service (empty for any) and the network it is counted for."""


class Failures:
    """Counts failures, and tells who has to wait; each node learns it from its own counting."""

    def __init__(self, engine: Engine, sealer: Sealer, clock: Clock) -> None:
        self._engine, self._sealer, self._clock = engine, sealer, clock
        self._used_up: dict[Counted, float] = {}
        self._proven: dict[tuple[str, str], None] = {}
        self._lock = threading.Lock()

    @contextmanager
    def of_secret(self, name: str, address: str | None, *, proves: bool = True) -> Iterator[None]:
        """
        Around the proof of who calls as `name`: TooManyFailuresError once a limit is used up.

        A right secret is refused as well then, else nothing would keep a guesser from going on;
        not at an address where `name` proved itself before, which may be everybody's behind a
        proxy nobody told us of. `proves` tells whether success means that a secret was known.
        """
        name, network = name[:_LONGEST], network_of(address)
        counted = ((SECRETS_OF_ONE, name, network), (SECRETS, "", network))
        if self._used_up and (name, network) not in self._proven:
            self._refuse_used_up(counted)
        try:
            yield
        except PasserelleError as fault:
            if fault.oauth == "invalid_client":
                self._count(counted)
            raise
        if proves:
            self._remember(self._proven, (name, network), None)

    def count_code(self, fault: PasserelleError, name: str, address: str | None) -> None:
        """
        Count a code refused with `fault`; TooManyFailuresError in its place beyond the limit.

        A good code is always redeemed: anybody may send junk to the callback of a service, and the
        service brings it here in all innocence.
        """
        if fault.oauth == "invalid_grant":
            self._count(((CODES_OF_ONE, name, network_of(address)),))

    def _count(self, counted: tuple[Counted, ...]) -> None:
        """Count a failure; raises when one more than the limit allows was made."""
        self._refuse_used_up(counted)
        now = self._clock()
        with self._engine.begin() as tx:
            rows = [self._one_more(tx, one, now) for one in counted]
        for one, row in zip(counted, rows, strict=True):
            if row.times >= one[0].most:
                self._remember(self._used_up, one, row.ends_at)
        for one, row in zip(counted, rows, strict=True):
            if row.times > one[0].most:
                raise _too_many(one[0], row.ends_at - now)

    def _one_more(self, tx: Connection, counted: Counted, now: float) -> Any:
        limit, name, network = counted
        # Half a character may come in an assertion; no text holds it.
        whom = f"{name}\0{network}".encode("utf-8", "replace")
        key = b64(self._sealer.mac_bytes(whom, f"failure:{limit.name}"))
        values = {"key": key, "times": 1, "ends_at": now + SECONDS, "now": now}
        return tx.execute(_statement(tx.dialect.name), values).one()

    def _refuse_used_up(self, counted: tuple[Counted, ...]) -> None:
        now = self._clock()
        for one in counted:
            wait = self._used_up.get(one, 0.0) - now
            # A clock set back must not make anybody wait longer than the stretch.
            if 0 < wait <= SECONDS:
                raise _too_many(one[0], wait)
            with self._lock:
                self._used_up.pop(one, None)

    def _remember(self, memory: dict[Any, Any], key: Any, value: Any) -> None:
        """Keep it; the oldest is forgotten when there are too many."""
        # No other thread may insert or forget between finding the oldest and forgetting it.
        with self._lock:
            memory[key] = value
            if len(memory) > _REMEMBERED:
                memory.pop(next(iter(memory)), None)


@lru_cache(maxsize=_REMEMBERED)
def network_of(address: str | None) -> str:
    """Whom an address belongs to: itself, and the whole /64 for IPv6."""
    try:
        read = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((int(read), _IPV6_SITE), strict=False))


@lru_cache(maxsize=2)
def _statement(dialect: str) -> Any:
    """One more failure, or the first of a new stretch; tells how many there are, and until when."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    made = insert(FAILURE)
    new, old, now = made.excluded, FAILURE.c, bindparam("now", type_=Float)
    over = or_(old.ends_at <= now, old.ends_at > new.ends_at)
    changed = {
        "times": case((over, 1), else_=old.times + 1),
        "ends_at": case((over, new.ends_at), else_=old.ends_at),
    }
    updated = made.on_conflict_do_update(index_elements=[old.key], set_=changed)
    return updated.returning(old.times, old.ends_at)


def _too_many(limit: Limit, wait: float) -> TooManyFailuresError:
    return TooManyFailuresError(retry_after=math.ceil(wait), log={"limit": limit.name})


def purge(tx: Connection, before: float, most: int = 500) -> int:
    """Forget up to `most` counts whose stretch ended before `before`; returns how many."""
    old = select(FAILURE.c.key).where(FAILURE.c.ends_at < before).limit(most)
    return int(tx.execute(delete(FAILURE).where(FAILURE.c.key.in_(old))).rowcount)
