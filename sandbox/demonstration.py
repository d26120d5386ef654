"""The demonstration: every application on its port, in one process, with its control room."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from broker.upkeep import Upkeep
from sandbox.clock import MovableClock
from sandbox.configuration import USUAL_BASE, files, load, moved
from sandbox.document import ConfigurationError, Document
from sandbox.mailbox import Mailbox
from sandbox.recording.recorder import Recorder
from sandbox.room.app import Room
from sandbox.room.site import accents, room_site
from sandbox.serving import BusyPortError, Servers, other_base, refuse_busy
from sandbox.sites import BROKER, Site, sites
from sandbox.surroundings import with_sockets

HIGHEST_BASE = 65_000
_TIMEOUT = 2
UPKEEP_SECONDS = 2.0
"""Nobody waits twenty seconds for a mail before a screen."""


class AlreadyRunningError(Exception):
    """Somebody started the demonstration before, on these very ports. The text says what to do."""

    def __init__(self, room: str, base: int) -> None:
        super().__init__(
            f"The demonstration is running already: {room} has its addresses. Stop it with Ctrl-C "
            f"where it was started, or start another beside it with PORT_BASE={base}."
        )


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Ready to run: `servers` listen already."""

    servers: Servers
    sites: tuple[Site, ...]
    upkeep: Upkeep

    def run(self) -> None:
        """Answer until interrupted."""
        self.upkeep.start()
        try:
            self.servers.run()
        finally:
            self.upkeep.stop()


def port_base(option: int | None, environ: Mapping[str, str] = os.environ) -> int:
    """The first port, out of the option or `PORT_BASE`; ConfigurationError when it is none."""
    written = str(option) if option is not None else environ.get("PORT_BASE", str(USUAL_BASE))
    if not written.isdecimal() or not 1024 <= int(written) <= HIGHEST_BASE:  # noqa: PLR2004 - below, ports belong to the system
        where = "PORT_BASE" if option is None else "--port-base"
        problem = f"{where}: {written!r} is not a number between 1024 and {HIGHEST_BASE}."
        raise ConfigurationError([problem], in_file=False)
    return int(written)


def prepare(
    document: Document, base: int, *, fresh: bool = False, open_registration: bool = False
) -> Demonstration:
    """
    Build and bind everything; `fresh` starts over; with `open_registration` a service may
    register itself.

    ConfigurationError, AlreadyRunningError and BusyPortError before anything is written or thrown
    away.
    """
    configuration = load(moved(document, base))
    if configuration.broker.production:
        raise ConfigurationError(["mode: a demonstration cannot run with mode = 'production'"])
    clock = MovableClock()
    mailbox = Mailbox(clock, configuration.broker.mail.sender)
    recorder = Recorder(clock)
    found = tuple(sites(configuration, with_sockets(clock, mailbox, recorder.observe)))
    colours = accents(configuration)
    watched = Room(clock, mailbox, recorder, found, colours, open_registration=open_registration)
    room = room_site(configuration, watched)
    _refuse_another(found, room)
    if fresh:
        start_over(document)
    apps = {site.listen: recorder.wrap(site.name, site.app) for site in found}
    servers = Servers({**apps, room.listen: room.app})
    broker = next(site for site in found if site.name == BROKER)
    upkeep = Upkeep(broker.app.extensions["parts"], every=UPKEEP_SECONDS)
    return Demonstration(servers, (*found, room), upkeep)


def _refuse_another(found: tuple[Site, ...], room: Site) -> None:
    try:
        refuse_busy(site.listen for site in (*found, room))
    except BusyPortError as busy:
        if _answers(room.url):
            raise AlreadyRunningError(room.url, other_base(busy.ports)) from busy
        raise


def _answers(room: str) -> bool:
    """Whether a control room is at that address."""
    try:
        reply = requests.get(f"{room}/healthz", timeout=_TIMEOUT)
        told = reply.json()
    except (requests.RequestException, ValueError):
        return False
    return isinstance(told, dict) and told.get("room") is True


def start_over(document: Document) -> None:
    """
    Throw away what the demonstration keeps; ConfigurationError when that is not in files.

    Only the files that the settings name are touched.
    """
    kept = [*files(document)]
    if not kept:
        problem = "--fresh: the databases of these settings are no SQLite files."
        raise ConfigurationError([problem], in_file=False)
    for path in kept:
        with suppress(FileNotFoundError):
            Path(path).unlink()
