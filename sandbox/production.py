"""The broker alone, as in production: what is done before a node serves, and by commands."""

import time

import broker.app
from broker.database import close_database
from broker.insured.registry.desk import RegistryDesk, open_desk
from broker.insured.registry.store import require_layout
from broker.migration import migrate_new
from broker.node import create_node
from broker.parts import Parts
from broker.settings import Settings
from sandbox.document import ConfigurationError
from sandbox.node import outside, settings


def parts() -> Parts:
    """
    The parts of the broker of the settings, for a command that does one thing and ends.

    A command leaves the schema of a database alone, under nodes that may be of another version:
    SchemaBehindError. Only a database where nothing is yet gets one.
    """
    told = settings()
    found: Parts = create_node(told, outside(told), migrate_new).extensions["parts"]
    return found


def registry_desk() -> RegistryDesk:
    """The insured database of the settings, for the commands of the registry."""
    return open_desk(settings(), time.time)


def require_threads(told: Settings, threads: int) -> None:
    """ConfigurationError when passwords could hold every thread of a worker at once."""
    held = told.insured.passwords.threads if told.insured else 0
    if threads <= held:
        problem = (
            f"insured.passwords: {held} threads may be busy with passwords, and a worker has "
            f"{threads}; lower at_once and waiting, or give --threads {held + 2}"
        )
        raise ConfigurationError([problem])


def prepare() -> None:
    """
    Migrate and seed once, before any worker starts; what is wrong is told by this process.

    RegistryLayoutError when the registry in service was built by another version.
    """
    told = settings()
    engines = broker.app.create_app(told, outside(told)).extensions["parts"].engines
    if "insured" in engines:
        require_layout(engines["insured"])
    for engine in engines.values():
        close_database(engine)
