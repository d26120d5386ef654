"""The demonstration: every application on its port, in one process, with its control room."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broker.upkeep import Upkeep
from sandbox.clock import MovableClock
from sandbox.configuration import USUAL_BASE, files, load, moved
from sandbox.document import ConfigurationError, Document
from sandbox.mailbox import Mailbox
from sandbox.recording.recorder import Recorder
from sandbox.room.app import Room
from sandbox.room.site import accents, room_site
from sandbox.serving import Servers, refuse_busy
from sandbox.sites import BROKER, Site, sites
from sandbox.surroundings import with_sockets

HIGHEST_BASE = 65_000
UPKEEP_SECONDS = 2.0
"""Nobody waits twenty seconds for a mail before a screen."""


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
        raise ConfigurationError(
            [f"PORT_BASE: {written!r} is not a number between 1024 and {HIGHEST_BASE}"]
        )
    return int(written)


def prepare(document: Document, base: int, *, open_registration: bool = False) -> Demonstration:
    """
    Build and bind everything; with `open_registration` a service may register itself.

    ConfigurationError and BusyPortError before anything is written.
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
    refuse_busy(site.listen for site in (*found, room))
    apps = {site.listen: recorder.wrap(site.name, site.app) for site in found}
    servers = Servers({**apps, room.listen: room.app})
    broker = next(site for site in found if site.name == BROKER)
    upkeep = Upkeep(broker.app.extensions["parts"], every=UPKEEP_SECONDS)
    return Demonstration(servers, (*found, room), upkeep)


def start_over(document: Document) -> None:
    """
    Throw away what the demonstration keeps; ConfigurationError when that is not in files.

    Only the files that the settings name are touched.
    """
    kept = [*files(document)]
    if not kept:
        raise ConfigurationError(["--fresh: the databases of these settings are no SQLite files"])
    for path in kept:
        with suppress(FileNotFoundError):
            Path(path).unlink()
