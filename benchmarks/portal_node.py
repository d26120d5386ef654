"""The portal as a server starts it: real clock, real network, the settings of a measurement."""

import os
from pathlib import Path

from flask import Flask

from relying_party_demo import settings
from relying_party_demo.outside import Outside
from relying_party_demo.portal.app import create_app as create_portal
from sandbox.document import find, read


def create_app() -> Flask:
    """The application; a server's factory."""
    document = read(find(os.environ, Path.cwd()))
    return create_portal(settings.load(document, os.environ), Outside())
