"""
The journal: one row per fact, written in the transaction of the fact, chained afterwards.

Rows are inserted without reading anything, so that nodes never wait for one another; `seal_chain`
then links every committed row to the one before it (SHA-256 over the row and the previous link),
and `verify_chain` finds the first row that was altered, removed or slipped in.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    Row,
    Table,
    Text,
    bindparam,
    insert,
    select,
    text,
    update,
)

from broker.audit.events import Event
from broker.database import BROKER, exclusive
from broker.outside import Clock, Observer, unobserved
from broker.statements import Ready

_WAITING = text("position IS NULL")
_CHAINED = text("position IS NOT NULL")

JOURNAL = Table(
    "journal",
    BROKER,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Float, nullable=False),
    Column("event", Text, nullable=False),
    Column("attempt", Text),
    Column("client_id", Text),
    Column("provider", Text),
    Column("person", Text),
    Column("facts", Text, nullable=False),
    Column("position", BigInteger),
    Column("link", Text),
    Index("journal_attempt", "attempt"),
    # Without the rows that wait, a row is written into one index less.
    Index(
        "journal_position",
        "position",
        unique=True,
        sqlite_where=_CHAINED,
        postgresql_where=_CHAINED,
    ),
    Index("journal_unsealed", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
)

_INSERT = Ready(insert(JOURNAL))
_LAST = (
    select(JOURNAL.c.position, JOURNAL.c.link)
    .where(JOURNAL.c.position.is_not(None))
    .order_by(JOURNAL.c.position.desc())
    .limit(1)
)
_UNSEALED = (
    select(JOURNAL)
    .where(JOURNAL.c.position.is_(None))
    .order_by(JOURNAL.c.id)
    .limit(bindparam("most"))
)
_SEAL = (
    update(JOURNAL)
    .where(JOURNAL.c.id == bindparam("row"))
    .values(position=bindparam("place"), link=bindparam("made"))
)
_SEALED = (
    select(JOURNAL)
    .where(JOURNAL.c.position > bindparam("after"))
    .order_by(JOURNAL.c.position)
    .limit(1000)
)
_LOCK = 7_274_775  # any number, the same for every node
_ORIGIN = "passerelle"


@dataclass(frozen=True, slots=True)
class Journal:
    """Writes events; `observe` sees each one as it is written (the sandbox's timeline)."""

    clock: Clock
    observe: Observer = unobserved

    def write(self, tx: Connection, event: Event, **facts: Any) -> None:
        """
        Record `event` in the transaction `tx`.

        `attempt`, `client_id`, `provider` and `person` have columns of their own; other facts are
        short codes, never a name, a number, an e-mail or a token.
        """
        row = {key: facts.pop(key, None) for key in ("attempt", "client_id", "provider", "person")}
        row |= {
            "at": self.clock(),
            "event": event.value,
            "facts": json.dumps(facts, sort_keys=True),
        }
        _INSERT.count(tx, row)
        self.observe(row)


def seal_chain(tx: Connection, most: int = 1000) -> int:
    """
    Link up to `most` rows that are not yet chained; returns how many were.

    A row takes its place when it is chained, not when it is written: a transaction that commits
    late comes late, and nobody waits for it.
    """
    exclusive(tx, _LOCK)
    last = tx.execute(_LAST).one_or_none()
    place, link = (last.position, last.link) if last else (0, _ORIGIN)
    rows = tx.execute(_UNSEALED, {"most": most}).all()
    for row in rows:
        place, link = place + 1, _link(link, row)
        tx.execute(_SEAL, {"row": row.id, "place": place, "made": link})
    return len(rows)


def verify_chain(connection: Connection) -> int | None:
    """The id of the first row that does not follow from the one before it, or None."""
    before: Row[Any] | None = None
    for row in _sealed_rows(connection):
        if before is None and row.position > 1:
            # The rows before were purged: the first one kept is taken as it stands.
            before = row
            continue
        place, link = (before.position, before.link) if before else (0, _ORIGIN)
        if (row.position, row.link) != (place + 1, _link(link, row)):
            return int(row.id)
        before = row
    return None


def _sealed_rows(connection: Connection) -> Iterator[Row[Any]]:
    place = 0
    while rows := connection.execute(_SEALED, {"after": place}).all():
        yield from rows
        place = rows[-1].position


def _link(previous: str, row: Row[Any]) -> str:
    # The id is left out on purpose: two rows exchanged still break the chain, and a restored
    # back-up may renumber.
    content = [row.at, row.event, row.attempt, row.client_id, row.provider, row.person, row.facts]
    return hashlib.sha256(json.dumps([previous, *content]).encode()).hexdigest()
