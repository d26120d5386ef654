"""A node of the broker as a server starts it: real clock, real network, settings as they are."""

import gc
import os
import time
from pathlib import Path

from flask import Flask

from broker import settings as broker_settings
from broker.metrics.mounting import refresher
from broker.node import create_node
from broker.outside import Outside
from broker.upkeep import Upkeep
from providers.urllib3_http import Urllib3Http
from sandbox.document import ConfigurationError, find, read, strangers


def settings() -> broker_settings.Settings:
    """The broker's settings; ConfigurationError with every problem."""
    document = read(find(os.environ, Path.cwd()))
    problems = strangers(document)
    try:
        told = broker_settings.load(document, os.environ)
    except broker_settings.SettingsError as refused:
        raise ConfigurationError(problems + refused.problems) from refused
    if problems:
        raise ConfigurationError(problems)
    return told


def outside(told: broker_settings.Settings) -> Outside:
    """The real world."""
    return Outside(Urllib3Http(time.monotonic, production=told.production))


def create_app() -> Flask:
    """
    The application and, beside its requests, its upkeep; a server's factory.

    The databases are ready: `passerelle serve` saw to them before it started any node.
    """
    told = settings()
    app = create_node(told, outside(told))
    Upkeep(app.extensions["parts"], beside=refresher(app)).start()
    # What was made so far lasts as long as the node: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    # A request leaves thousands of objects that reference counting frees; few form cycles.
    gc.set_threshold(5_000, 20, 50)
    return app
