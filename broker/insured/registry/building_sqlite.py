"""
Builds a registry as a SQLite file, renamed over the one in service.

Connections that hold the old file read it to the end of what they do, and the new one when they
next leave the pool.
"""

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Column, Connection, Engine, Integer, LargeBinary, create_engine, event
from sqlalchemy.exc import DatabaseError

from broker.insured.registry import finishing
from broker.insured.registry.building import AlreadyBuildingError
from broker.insured.registry.rows import NO_NUMBER, FormName, Refusal, Rows
from broker.insured.registry.tables import PERSON, SCHEMA

_ROWS_AT_ONCE = 20
_COLUMNS = len(PERSON.columns)
_LINE = list(PERSON.columns).index(PERSON.c.line)
# The file is nobody's yet: after a power cut it is built again, so no write waits for the disk.
# An index is sorted in runs of the size of the cache (KiB): such a run fits in the processor's own,
# where a larger one would wait for memory at every comparison and take twice as long.
# Pages twice as large as usual are half as many to make, and looked up as quickly.
_PRAGMAS = ("PRAGMA page_size=8192", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-4096")


# None and bytes are never bound: the driver asks of each whether something adapts it, and raises
# and catches an error to find out, which costs as much as the rest of a row.
def _value(column: Column[Any]) -> str:
    if not column.nullable:
        return "?"
    binary, number = isinstance(column.type, LargeBinary), isinstance(column.type, Integer)
    empty = NO_NUMBER if number else "x''" if binary else "''"
    return f"NULLIF(?, {empty})"


def _insertion(rows: int) -> str:
    one = f"({','.join(map(_value, PERSON.columns))})"
    return f"INSERT OR IGNORE INTO person VALUES {','.join([one] * rows)}"  # noqa: S608 - only question marks and constants are joined


_MANY, _ONE = _insertion(_ROWS_AT_ONCE), _insertion(1)
_LINE_OF = "SELECT line FROM person WHERE person_id = ?"
_FORMER = "INSERT INTO former VALUES (?, ?, ?, ?)"


def registry_path(engine: Engine) -> Path:
    """The file of the registry that belongs to the SQLite database of `engine`."""
    database = engine.url.database
    if not database or database == ":memory:":
        raise ValueError("the registry of a SQLite database needs a file beside it")
    path = Path(database)
    return path.with_name(f"{path.stem}.registry{path.suffix}")


class SqliteBuilder:
    """Builds the registry of the SQLite database of `engine`."""

    form: FormName = "bound"

    def __init__(self, engine: Engine) -> None:
        self._path = registry_path(engine)
        self._building = self._path.with_name(f"{self._path.name}.next")
        self._lock: sqlite3.Connection | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """Hold the place, by a lock that dies with the process."""
        lock = self._path.with_name(f"{self._path.name}.lock")
        self._lock = sqlite3.connect(lock, isolation_level=None, timeout=0)
        try:
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            self._lock.close()
            raise AlreadyBuildingError from fault
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file and of the place."""
        self._close()
        if self._lock:
            self._lock.close()

    def resume(self) -> dict[str, Any] | None:
        """Open what a dead build left, when it can be read."""
        if not self._building.exists():
            return None
        try:
            return finishing.noted_progress(self._open())
        except DatabaseError:
            return None

    def start(self) -> None:
        """Begin a new file."""
        self.discard()
        finishing.create_tables(self._open())

    def add(self, rows: Rows) -> list[Refusal]:
        """Store rows, twenty in one statement: binding one by one costs a third more."""
        raw = self._raw()
        count, before = rows.count, raw.total_changes
        flat: list[Any] = [None] * (count * _COLUMNS)
        for index, column in enumerate(rows.stored):
            flat[index::_COLUMNS] = column
        step = _ROWS_AT_ONCE * _COLUMNS
        whole = len(flat) - len(flat) % step
        for start in range(0, whole, step):
            raw.execute(_MANY, flat[start : start + step])
        rest = range(whole, len(flat), _COLUMNS)
        raw.executemany(_ONE, [flat[start : start + _COLUMNS] for start in rest])
        refused = [] if raw.total_changes - before == count else self._taken(raw, rows)
        late = {refusal.line for refusal in refused}
        raw.executemany(_FORMER, [row for row in rows.former if row[1] not in late])
        return refused

    def checkpoint(self, state: Mapping[str, Any]) -> None:
        """Commit, with a note of how far the build came."""
        connection = self._open()
        finishing.note_progress(connection, state)
        connection.commit()

    def finish(self, labels: Mapping[str, int], facts: Mapping[str, str]) -> list[Refusal]:
        """Create the indexes and describe the registry."""
        return finishing.finish(self._open(), labels, facts)

    def missing(self, numbers: Mapping[int, str]) -> set[int]:
        """Of these persons (number -> NIR), who is not in the new registry under this NIR."""
        return finishing.missing(self._open(), numbers)

    def discard(self) -> None:
        """Throw away what was built."""
        self._close()
        for leftover in self._path.parent.glob(f"{self._building.name}*"):
            leftover.unlink()

    def publish(self) -> None:
        """Rename the file, once it is on disk, over the one in service."""
        self._close()
        _to_disk(self._building)
        self._building.replace(self._path)
        _to_disk(self._path.parent)

    def _open(self) -> Connection:
        if self._connection is None:
            engine = create_engine(f"sqlite:///{self._building}")
            event.listen(engine, "connect", _prepare)
            engine = engine.execution_options(schema_translate_map={SCHEMA: None})
            self._connection = engine.connect()
        return self._connection

    def _raw(self) -> sqlite3.Connection:
        raw = self._open().connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - this engine has no other
        return raw

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection.engine.dispose()
            self._connection = None

    @staticmethod
    def _taken(raw: sqlite3.Connection, rows: Rows) -> list[Refusal]:
        """The lines that were ignored, since another line has their number."""
        stored = (raw.execute(_LINE_OF, (number,)).fetchone()[0] for number in rows.stored[0])
        pairs = zip(rows.stored[_LINE], stored, strict=True)
        return [finishing.taken(line, "number") for line, kept in pairs if line != kept]


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
