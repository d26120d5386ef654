"""The control room as one more site of a world."""

from collections.abc import Sequence

from sandbox.clock import MovableClock
from sandbox.configuration import Configuration
from sandbox.mailbox import Mailbox
from sandbox.room.app import Room, create_app
from sandbox.room.recorder import Recorder
from sandbox.sites import Site

ROOM = "room"
TITLE = "Mailbox and control room"


def room_site(
    configuration: Configuration,
    clock: MovableClock,
    mailbox: Mailbox,
    recorder: Recorder,
    watched: Sequence[Site],
) -> Site:
    """The site of the control room over the applications `watched`."""
    brand = configuration.broker.brand
    room = Room(clock, mailbox, recorder, watched, (brand.accent, brand.accent_dark))
    listen = configuration.sandbox.listen
    url = f"http://localhost:{listen.rpartition(':')[2]}"
    return Site(ROOM, TITLE, url, listen, lambda: create_app(room))
