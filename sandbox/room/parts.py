"""The broker of the world that this room watches."""

from flask import current_app

from broker.parts import Parts
from sandbox.sites import BROKER


def broker() -> Parts:
    """What the broker is made of; the room changes nothing of it."""
    sites = current_app.extensions["room"].sites
    site = next(site for site in sites if site.name == BROKER)
    parts: Parts = site.app.extensions["parts"]
    return parts
