"""What the commands of the registry work on, opened from the settings."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, create_engine

from broker.database import bind_options, prepare_engine
from broker.insured.registry.store import open_registry
from broker.migration import migrate_new
from broker.sealing import Sealer
from broker.settings import Settings


class NoRegistryError(RuntimeError):
    """The settings have no [insured] table: a pure federation broker has no registry."""


@dataclass(frozen=True, slots=True)
class RegistryDesk:
    """The insured database, what seals its secrets, and a clock in Unix seconds."""

    engine: Engine
    sealer: Sealer
    clock: Callable[[], float]


def open_desk(settings: Settings, clock: Callable[[], float]) -> RegistryDesk:
    """Open the insured database of these settings; SchemaBehindError when its schema is older."""
    if settings.insured is None:
        raise NoRegistryError("These settings have no [insured] table, hence no registry.")
    engine = create_engine(**bind_options(settings.insured.database))
    prepare_engine(engine)
    migrate_new(engine, "insured")
    open_registry(engine)
    own = settings.broker
    return RegistryDesk(engine, Sealer(own.secret, own.older_secrets), clock)
