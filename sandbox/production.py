"""The broker alone, as in production: what is done before a node serves, and by commands."""

import time

import broker.app
from broker.insured.registry.desk import RegistryDesk, open_desk
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
    """Migrate and seed once, before any worker starts; what is wrong is told by this process."""
    for engine in parts().engines.values():
        engine.dispose()
