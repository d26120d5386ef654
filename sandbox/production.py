"""The broker alone, as in production: what is done before a node serves, and by commands."""

import time

import broker.app
from broker.insured.registry.desk import RegistryDesk, open_desk
from broker.insured.registry.store import require_layout
from broker.parts import Parts
from sandbox.node import outside, settings


def parts() -> Parts:
    """The parts of the broker of the settings, for a command that does one thing and ends."""
    told = settings()
    found: Parts = broker.app.create_app(told, outside(told)).extensions["parts"]
    return found


def registry_desk() -> RegistryDesk:
    """The insured database of the settings, for the commands of the registry."""
    return open_desk(settings(), time.time)


def prepare() -> None:
    """
    Migrate and seed once, before any worker starts; what is wrong is told by this process.

    RegistryLayoutError when the registry in service was built by another version.
    """
    engines = parts().engines
    if "insured" in engines:
        require_layout(engines["insured"])
    for engine in engines.values():
        engine.dispose()
