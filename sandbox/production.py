"""The broker alone, as in production: real clock, real network, the settings as they are."""

import gc
import os
import time
from pathlib import Path

from flask import Flask

import broker.app
from broker import settings as broker_settings
from broker.insured.registry.desk import RegistryDesk, open_desk
from broker.outside import Outside
from broker.parts import Parts
from broker.upkeep import Upkeep
from providers.urllib3_http import Urllib3Http
from sandbox.configuration import ConfigurationError, find, read


def settings() -> broker_settings.Settings:
    """The broker's settings; ConfigurationError with every problem."""
    document = read(find(os.environ, Path.cwd()))
    try:
        return broker_settings.load(document, os.environ)
    except broker_settings.SettingsError as refused:
        raise ConfigurationError(refused.problems) from refused


def parts() -> Parts:
    """The parts of the broker of the settings, for a command that does one thing and ends."""
    found: Parts = _application(settings()).extensions["parts"]
    return found


def registry_desk() -> RegistryDesk:
    """The insured database of the settings, for the commands of the registry."""
    return open_desk(settings(), time.time)


def prepare() -> None:
    """Migrate and seed once, before any worker starts; what is wrong is told by this process."""
    for engine in parts().engines.values():
        engine.dispose()


def create_app() -> Flask:
    """A node: the application and, beside its requests, its upkeep. A server's factory."""
    app = _application(settings())
    Upkeep(app.extensions["parts"]).start()
    # What was made so far lasts as long as the node: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    return app


def _application(told: broker_settings.Settings) -> Flask:
    http = Urllib3Http(time.monotonic, production=told.production)
    return broker.app.create_app(told, Outside(http))
