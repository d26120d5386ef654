"""
Builds a registry as a PostgreSQL schema filled by COPY, renamed in one transaction.

Logins under way keep the old schema until their statement ends; the rename waits for them and
they for it, some milliseconds.
"""

import io
from collections.abc import Iterable, Mapping
from typing import Any, Self

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateSchema, DropSchema

from broker.insured.registry import finishing
from broker.insured.registry.building import AlreadyBuildingError
from broker.insured.registry.rows import FormName, Refusal, Rows
from broker.insured.registry.tables import SCHEMA

_BUILDING, _REPLACED = "registry_next", "registry_old"
_LOCK = 3_646_001
_PATIENCE, _LOOK_EVERY = "3s", "500ms"
_LOOKS_FOR_ITS_CLIENT = (14,)
_LOCK_NOT_AVAILABLE = "55P03"
_COPY = {
    "person": f"COPY {_BUILDING}.person FROM STDIN (FORMAT binary)",
    "former": f"COPY {_BUILDING}.former FROM STDIN",
}
_BEGIN = {"person": b"PGCOPY\n\xff\r\n\0" + bytes(8), "former": b""}
_END = {"person": b"\xff\xff", "former": b""}
_COPIED_AT_ONCE = 1 << 20
"""Bytes of one COPY: a server spends as long on beginning and ending one as on 600 rows."""


class PostgresqlBuilder:
    """Builds the registry of the PostgreSQL database of `engine`."""

    form: FormName = "copied"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(schema_translate_map={SCHEMA: _BUILDING})
        self._connection: Connection | None = None
        self._waiting: dict[str, bytearray] = {table: bytearray() for table in _COPY}

    def __enter__(self) -> Self:
        """
        Hold the place, by a lock that dies with the connection; waits for a holder that is dying.

        A server learns late that its client was killed, so this one is told to look now and then.
        """
        connection = self._connection = self._engine.connect()
        if (connection.dialect.server_version_info or ()) >= _LOOKS_FOR_ITS_CLIENT:
            connection.execute(text(f"SET client_connection_check_interval = '{_LOOK_EVERY}'"))
        connection.commit()
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
        try:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        except DBAPIError as fault:
            connection.close()
            if getattr(fault.orig, "pgcode", None) == _LOCK_NOT_AVAILABLE:
                raise AlreadyBuildingError from fault
            raise
        connection.commit()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the place."""
        connection = self._open()
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.commit()
        connection.close()

    def resume(self) -> dict[str, Any] | None:
        """Open what a dead build left."""
        connection = self._open()
        if not inspect(connection).has_table("about", schema=_BUILDING):
            return None
        return finishing.noted_progress(connection)

    def start(self) -> None:
        """Begin a new schema; the primary key comes with the other indexes."""
        self.discard()
        connection = self._open()
        connection.execute(CreateSchema(_BUILDING))
        finishing.create_tables(connection)
        connection.execute(text(f"ALTER TABLE {_BUILDING}.person DROP CONSTRAINT person_pkey"))
        connection.commit()

    def add(self, rows: Rows) -> list[Refusal]:
        """Store rows by COPY, many blocks at once; duplicates are found at the end."""
        self._waiting["person"] += rows.stored
        self._waiting["former"] += copied(rows.former)
        if len(self._waiting["person"]) > _COPIED_AT_ONCE:
            self._copy()
        return []

    def checkpoint(self, state: Mapping[str, Any]) -> None:
        """Commit, with a note of how far the build came."""
        self._copy()
        connection = self._open()
        finishing.note_progress(connection, state)
        connection.commit()

    def _copy(self) -> None:
        """Send what waits."""
        cursor: Any = self._open().connection.cursor()
        for table, data in self._waiting.items():
            if data:
                whole = b"".join((_BEGIN[table], data, _END[table]))
                cursor.copy_expert(_COPY[table], io.BytesIO(whole), len(whole))
                data.clear()
        cursor.close()

    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the builder holds no place")
        return self._connection

    def finish(self, labels: Mapping[str, int], facts: Mapping[str, str]) -> list[Refusal]:
        """Create the indexes and describe the registry."""
        self._copy()
        connection = self._open()
        refused = finishing.finish(connection, labels, facts)
        connection.execute(text(f"ANALYZE {_BUILDING}.person"))
        connection.commit()
        return refused

    def missing(self, numbers: Mapping[int, str]) -> set[int]:
        """Of these persons (number -> NIR), who is not in the new registry under this NIR."""
        return finishing.missing(self._open(), numbers)

    def discard(self) -> None:
        """Throw away what was built."""
        self._waiting = {table: bytearray() for table in _COPY}
        connection = self._open()
        connection.rollback()
        connection.execute(DropSchema(_BUILDING, cascade=True, if_exists=True))
        connection.commit()

    def publish(self) -> None:
        """Rename both schemas in one transaction, then drop the old one."""
        connection = self._open()
        connection.execute(DropSchema(_REPLACED, cascade=True, if_exists=True))
        connection.commit()
        if inspect(connection).has_schema(SCHEMA):
            connection.execute(text(f"ALTER SCHEMA {SCHEMA} RENAME TO {_REPLACED}"))
        connection.execute(text(f"ALTER SCHEMA {_BUILDING} RENAME TO {SCHEMA}"))
        connection.commit()
        connection.execute(DropSchema(_REPLACED, cascade=True, if_exists=True))
        connection.commit()


def copied(rows: Iterable[tuple[int, int, str, str]]) -> bytes:
    """Rows of FORMER in the text format of COPY, which takes a backslash for more than it is."""
    lines = ("\t".join(map(str, row)).replace("\\", "\\\\") for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()
