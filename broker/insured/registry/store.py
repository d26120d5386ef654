"""
The registry in service, and how a connection of the `insured` bind sees it.

PostgreSQL: the schema `registry` of the same database. SQLite: a file beside the accounts, which
each connection attaches under the same name when it leaves the pool, and attaches anew once the
file was replaced. The same statements run on both.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, select

from broker.database import reading
from broker.insured.registry.building import Builder
from broker.insured.registry.building_postgresql import PostgresqlBuilder
from broker.insured.registry.building_sqlite import SqliteBuilder, registry_path
from broker.insured.registry.tables import ABOUT, LAYOUT, SCHEMA


class RegistryLayoutError(RuntimeError):
    """The registry in service was built by another version of this program."""


def builder_of(engine: Engine) -> Builder:
    """A builder of the registry that belongs to this database."""
    return SqliteBuilder(engine) if engine.dialect.name == "sqlite" else PostgresqlBuilder(engine)


def open_registry(engine: Engine) -> None:
    """
    Let the connections of `engine` see the registry; makes an empty one where there is none.

    To be called once, after the migrations.
    """
    if not _exists(engine):
        with builder_of(engine) as builder:
            builder.start()
            builder.finish({}, {"source": "", "built_at": "0"})
            builder.publish()
    if engine.dialect.name == "sqlite":
        _attach_on_checkout(engine, registry_path(engine))


def about(engine: Engine) -> dict[str, str]:
    """What the registry in service says of itself: layout, persons, source, built_at."""
    with reading(engine) as connection:
        return {row.name: row.value for row in connection.execute(select(ABOUT))}


@contextmanager
def scanning(engine: Engine) -> Iterator[Connection]:
    """
    A connection to read the registry from end to end, in batches, without holding up any login.

    PostgreSQL wants a transaction for that; on SQLite one would keep every writer waiting.
    """
    if engine.dialect.name == "sqlite":
        with reading(engine) as connection:
            yield connection
    else:
        with engine.connect() as connection:
            yield connection


def require_layout(engine: Engine) -> None:
    """RegistryLayoutError unless the registry in service can be read by this version."""
    layout = about(engine).get("layout")
    if layout != str(LAYOUT):
        raise RegistryLayoutError(
            f"The registry in service has layout {layout}, this version reads {LAYOUT}: "
            "import it again with `passerelle registry import`."
        )


def _exists(engine: Engine) -> bool:
    if engine.dialect.name == "sqlite":
        return registry_path(engine).exists()
    return inspect(engine).has_schema(SCHEMA)


def _attach_on_checkout(engine: Engine, path: Path) -> None:
    @event.listens_for(engine, "checkout")
    def _attach(connection: Any, record: Any, _proxy: object) -> None:
        status = os.stat(path)  # noqa: PTH116 - on every checkout, and Path.stat costs twice
        version = (status.st_ino, status.st_mtime_ns, status.st_size)
        seen = record.info.get(SCHEMA)
        if seen == version:
            return
        if seen is not None:
            connection.execute(f"DETACH DATABASE {SCHEMA}")
        connection.execute(f"ATTACH DATABASE ? AS {SCHEMA}", (os.fspath(path),))
        record.info[SCHEMA] = version
