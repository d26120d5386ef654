"""The control room as one more site of a world."""

from sandbox.configuration import Configuration
from sandbox.room.app import Room, create_app
from sandbox.sites import Site

ROOM = "room"
TITLE = "Mailbox and control room"


def room_site(configuration: Configuration, room: Room) -> Site:
    """The control room `room`, where the configuration puts it."""
    listen = configuration.sandbox.listen
    url = f"http://localhost:{listen.rpartition(':')[2]}"
    return Site(ROOM, TITLE, url, listen, lambda: create_app(room))


def accents(configuration: Configuration) -> tuple[str, str]:
    """The colours of the brand, on light and on dark pages."""
    brand = configuration.broker.brand
    return brand.accent, brand.accent_dark
