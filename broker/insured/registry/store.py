"""
Where the registry in service lies, and how a connection of the `insured` bind sees it.

PostgreSQL: the schema `registry` of the same database. SQLite: a file beside the accounts, which
each connection attaches under the same name when it leaves the pool, and attaches anew once the
file was replaced. The same statements run on both.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable

from broker.database import reading
from broker.insured.registry.tables import ABOUT, INDEXES, LAYOUT, REGISTRY, SCHEMA

LOCK = 3_646_000
"""The advisory lock of PostgreSQL under which a registry is made or takes its place."""


class RegistryLayoutError(RuntimeError):
    """The registry was built for another version of this program and must be built again."""


def registry_path(engine: Engine) -> Path:
    """The file of the registry that belongs to the SQLite database of `engine`."""
    database = engine.url.database
    if not database or database == ":memory:":
        raise ValueError("the registry of a SQLite database needs a file beside it")
    path = Path(database)
    return path.with_name(f"{path.stem}.registry{path.suffix}")


def open_registry(engine: Engine) -> None:
    """
    Let the connections of `engine` see the registry; makes an empty one where there is none.

    To be called once after the migrations. RegistryLayoutError when the registry in service was
    built for another layout.
    """
    if engine.dialect.name == "sqlite":
        path = registry_path(engine)
        if not path.exists():
            _empty_file(path)
        _attach_on_checkout(engine, path)
    else:
        _empty_schema(engine)
    with reading(engine) as connection:
        _check_layout(connection)


def about(connection: Connection) -> dict[str, str]:
    """What the registry in service says of itself: layout, persons, source, built_at."""
    return {row.name: row.value for row in connection.execute(select(ABOUT))}


def create_tables(connection: Connection, schema: str | None) -> None:
    """Create the tables in `schema` (None: the main one); PERSON stays without its indexes."""
    mapped = connection.execution_options(schema_translate_map={SCHEMA: schema})
    for table in REGISTRY.sorted_tables:
        mapped.execute(CreateTable(table))
    for table in REGISTRY.sorted_tables:
        for index in sorted(table.indexes - set(INDEXES), key=lambda index: str(index.name)):
            mapped.execute(CreateIndex(index))


def create_indexes(connection: Connection, schema: str | None) -> None:
    """Create the indexes of PERSON; a duplicate number or NIR is an IntegrityError."""
    mapped = connection.execution_options(schema_translate_map={SCHEMA: schema})
    for index in INDEXES:
        mapped.execute(CreateIndex(index))


def describe(connection: Connection, schema: str | None, facts: dict[str, str]) -> None:
    """Write what this registry is."""
    mapped = connection.execution_options(schema_translate_map={SCHEMA: schema})
    rows = [{"name": name, "value": value} for name, value in facts.items()]
    mapped.execute(insert(ABOUT), [*rows, {"name": "layout", "value": str(LAYOUT)}])


def _empty_file(path: Path) -> None:
    building = path.with_name(f"{path.name}.empty")
    building.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{building}")
    with engine.begin() as connection:
        _create_empty(connection, None)
    engine.dispose()
    building.replace(path)


def _empty_schema(engine: Engine) -> None:
    with engine.begin() as connection:
        # Two nodes may start together on one database.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        if not inspect(connection).has_schema(SCHEMA):
            connection.execute(CreateSchema(SCHEMA))
            _create_empty(connection, SCHEMA)


def _create_empty(connection: Connection, schema: str | None) -> None:
    create_tables(connection, schema)
    create_indexes(connection, schema)
    describe(connection, schema, {"persons": "0", "source": "", "built_at": "0"})


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


def _check_layout(connection: Connection) -> None:
    layout = about(connection).get("layout")
    if layout != str(LAYOUT):
        raise RegistryLayoutError(
            f"The registry in service has layout {layout}, this version reads {LAYOUT}: "
            "import it again with `passerelle registry import`."
        )
