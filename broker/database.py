"""
Database: the two binds and their transactions.

`engine.begin()` is a unit of work: on SQLite it takes the write lock at once (BEGIN IMMEDIATE),
so that two writers queue instead of failing half-way; `reading(engine)` is a connection outside
any transaction, `writing(engine)` a unit of work for the paths that are measured: both use
connections that are kept, where some are (decision 22). Nothing here knows a table.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, g, has_app_context
from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    column,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    table,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from broker.statements import Ready

BROKER = MetaData()
"""The tables of the `broker` bind; each room declares its own on it."""

BringUp = Callable[[Engine, str], None]
"""What is done about the schema of a bind (engine, name) before it is used."""

MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = table("alembic_version", column("version_num"))
# The connection used last is used next: its caches are warm.
_POOL = {"pool_size": 8, "max_overflow": 24, "pool_use_lifo": True}
# Connections to a file are kept, so their number is that of the threads at work.
_FILE_POOL = {**_POOL, "max_overflow": -1}
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # WAL with NORMAL survives the death of the process at any moment; PostgreSQL is the answer
    # where the machine itself may lose power.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA cache_size=-512",
    # Pages are read in place, for another connection's write empties the cache of this one. An
    # attached registry is large and only read; of our own file the part used most is enough.
    "PRAGMA mmap_size=268435456",
    "PRAGMA main.mmap_size=2097152",
)

# Where an engine of SQLite keeps another one on its pool, which begins nothing and so never waits,
# and what is open of both.
_READER = "passerelle_reader"
_KEPT = "passerelle_kept"


class _Kept(NamedTuple):
    """Connections nobody uses at this moment, the one used last on top: its caches are warm."""

    readers: list[Connection]
    writers: list[Connection]


def prepare_database(app: Flask, urls: dict[str, str], bring_up: BringUp) -> dict[str, Engine]:
    """Open each bind (name -> URL), let `bring_up` see to its schema, and return the engines."""
    engines = {name: create_engine(**bind_options(url)) for name, url in urls.items()}
    app.teardown_appcontext(close_readers)
    for name, engine in engines.items():
        prepare_engine(engine)
        bring_up(engine, name)
    return engines


def close_database(engine: Engine) -> None:
    """Close every connection, those that are kept included: the engine is not used again."""
    vars(engine).pop(_KEPT, None)
    engine.dispose()


def bind_options(url: str) -> dict[str, Any]:
    """Options of `create_engine` for one bind; makes the folder of a SQLite file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return {"url": url, "pool_pre_ping": True, **_POOL}
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        url = parsed.set(database=os.fspath(path)).render_as_string(hide_password=False)
    connect_args = {"check_same_thread": False, "isolation_level": None}
    return {"url": url, "connect_args": connect_args, **_FILE_POOL}


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine its pragmas and its immediate transactions; nothing for others."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    reader = engine.execution_options()
    reader.dialect = copy(engine.dialect)
    vars(engine)[_READER], vars(engine)[_KEPT] = reader, _Kept([], [])
    # Not by an event: an engine that has one looks for listeners at every statement.
    vars(engine.dialect)["do_begin"] = _begin_immediate


def _begin_immediate(connection: Any) -> None:
    connection.execute("BEGIN IMMEDIATE")


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """`engine.begin()`, on a connection that is kept for writing where some are."""
    kept = _kept(engine)
    return engine.begin() if kept is None else _unit_of_work(engine, kept.writers)


@contextmanager
def _unit_of_work(engine: Engine, writers: list[Connection]) -> Iterator[Connection]:
    connection = _taken(writers) or engine.connect()
    try:
        with connection.begin():
            yield connection
    finally:
        writers.append(connection)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """
    A connection that sees what is committed and holds no lock; where none are kept, the same one
    for every reading of a web request, closed with it.
    """
    kept = _kept(engine)
    if kept is not None:
        connection = _taken(kept.readers) or _open_reader(engine)
        try:
            yield connection
        finally:
            if connection.in_transaction():
                # Only the library believes in one: the driver was told to begin nothing.
                connection.rollback()
            kept.readers.append(connection)
    elif has_app_context():
        readers: dict[Engine, Connection] = g.setdefault("readers", {})
        if engine not in readers:
            readers[engine] = _open_reader(engine)
        yield readers[engine]
    else:
        with _open_reader(engine) as connection:
            yield connection


def close_readers(_fault: BaseException | None = None) -> None:
    """Give back what this request read with; called when the request ends."""
    readers: dict[Engine, Connection] = g.pop("readers", {})
    for connection in readers.values():
        connection.close()


def _kept(engine: Engine) -> _Kept | None:
    """What is kept open, None where each use must ask the pool."""
    kept: _Kept | None = vars(engine).get(_KEPT)
    # Somebody who watches the pool has something to say whenever a connection is taken.
    return kept if kept is not None and not engine.pool.dispatch.checkout else None


def _taken(kept: list[Connection]) -> Connection | None:
    while kept:
        # Two threads may see the last one.
        with suppress(IndexError):
            connection = kept.pop()
            if not connection.closed:
                return connection
    return None


def _open_reader(engine: Engine) -> Connection:
    reader: Engine | None = vars(engine).get(_READER)
    if reader is not None:
        return reader.connect()
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def exclusive(tx: Connection, key: int) -> None:
    """Let one transaction at a time pass with this key; on SQLite every writer is alone anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def upsert(tx: Connection, table: Table, row: dict[str, Any], refresh: str | None = None) -> bool:
    """
    Insert `row`, or refresh one column of the row that has its primary key already.

    False when nothing was written, which without `refresh` means that the row was there.
    """
    return bool(_upsert_statement(table, refresh, tx.dialect.name).count(tx, row))


@lru_cache(maxsize=64)
def _upsert_statement(table: Table, refresh: str | None, dialect: str) -> Ready:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table)
    if refresh is None:
        return Ready(statement.on_conflict_do_nothing())
    changed = {refresh: statement.excluded[refresh]}
    keys = list(table.primary_key)
    return Ready(statement.on_conflict_do_update(index_elements=keys, set_=changed))


class SchemaBehindError(RuntimeError):
    """A database is not at the schema this code was written for; the sentence says what to do."""


def require_head(engine: Engine, bind: str) -> None:
    """Refuse to serve on a schema older than this code; SchemaBehindError."""
    if not at_head(engine, bind):
        raise SchemaBehindError(
            f"The schema of the database `{bind}` is older than this version: `passerelle serve` "
            "(or `demo`) brings it up to date when it starts."
        )


def at_head(engine: Engine, bind: str) -> bool:
    """Whether the schema of `bind` is not behind this code; a later one has only more."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return False
        return (connection.execute(select(_VERSION.c.version_num)).scalar() or "") >= head_of(bind)


@lru_cache(maxsize=8)
def head_of(bind: str) -> str:
    """The last revision of `bind`; the files of migrations are named by their numbers."""
    last = max((MIGRATIONS / bind / "versions").glob("[0-9]*_*.py"))
    return last.name.partition("_")[0]
