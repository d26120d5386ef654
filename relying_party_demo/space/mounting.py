"""Puts the personal space on the portal."""

from flask import Flask

from relying_party_demo.backchannel import BackChannel
from relying_party_demo.pages.languages import LANGUAGES
from relying_party_demo.settings import PortalTable
from relying_party_demo.space import (
    access,
    care,
    changes,
    home,
    letters,
    money,
    proof,
    rights,
    safety,
)
from relying_party_demo.space.certificate import Site
from relying_party_demo.space.insurer import Insurer
from relying_party_demo.space.room import views
from relying_party_demo.space.words import mount_words

PAGES = (home, money, rights, care, changes, letters, safety, access, proof)
"""The modules whose views stand on the one blueprint, in the order of the dashboard."""


def mount(app: Flask, channel: BackChannel, service: PortalTable) -> None:
    """Give `app` the personal space, read over `channel`; certificates name the service."""
    app.extensions["space_insurer"] = Insurer(channel)
    app.extensions["space_site"] = {
        code: Site(service.called(code), f"{service.public_url}/verifier") for code in LANGUAGES
    }
    mount_words(app)
    app.register_blueprint(views)
