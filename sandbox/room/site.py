"""The control room as one more site of a world."""

from dataclasses import replace

from sandbox.configuration import Configuration
from sandbox.room.app import Room, create_app
from sandbox.sites import Site

ROOM = "room"
TITLE = "Mailbox and control room"


def room_site(configuration: Configuration, room: Room) -> Site:
    """The control room `room`, where the configuration puts it."""
    insured = configuration.broker.insured
    advisor = insured.desk.demonstration_advisor if insured else None
    listen = configuration.sandbox.listen
    url = f"http://localhost:{listen.rpartition(':')[2]}"
    return Site(ROOM, TITLE, url, listen, lambda: create_app(replace(room, advisor=advisor)))


def accents(configuration: Configuration) -> tuple[str, str]:
    """The colours of the brand, on light and on dark pages."""
    brand = configuration.broker.brand
    return brand.accent, brand.accent_dark
