"""
The whole world in one process, without sockets: what a test asks for.

Every world has databases, a clock, a mailbox and a network of its own, so that tests never meet.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from broker.database import close_database
from broker.upkeep import keep_up
from sandbox.clock import MovableClock
from sandbox.configuration import Configuration, load, merged, stored
from sandbox.document import Document, find, read
from sandbox.journeys import Visitor
from sandbox.mailbox import Mailbox
from sandbox.network import Network
from sandbox.recording.recorder import Recorder
from sandbox.recording.telling import tell
from sandbox.recording.timeline import logins
from sandbox.room.app import Room
from sandbox.room.site import accents, room_site
from sandbox.seeds import copy_into
from sandbox.sites import BROKER, PORTAL, SAMPLE, Site, sites
from sandbox.surroundings import without_sockets
from sandbox.upstreams import Upstream

START = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
"""When a world begins unless told otherwise: a Monday on which the advisors answer."""


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """
    Applications, wired together. Close it, or use it as a context manager.

    `sites` holds every application by name: `broker`, `portal`, `sample`, `room` (the control
    room) and the providers by their ids. `recorder` holds all that they said to one another,
    `mailbox` all that they sent, `folder` the SQLite files.
    """

    configuration: Configuration
    clock: MovableClock
    mailbox: Mailbox
    recorder: Recorder
    network: Network
    sites: Mapping[str, Site]
    folder: Path

    @classmethod
    def build(
        cls,
        changes: Mapping[str, Any] | None = None,
        databases: Mapping[str, str] | None = None,
        start: datetime = START,
    ) -> Self:
        """
        A new world out of config.toml (or `PASSERELLE_CONFIG`).

        `changes` go over the settings table by table; a value of None removes its key.
        `databases` names existing databases by table (`broker`, `insured`) in place of new SQLite
        files. ConfigurationError as at any start.
        """
        document = merged(_document(find(os.environ)), changes or {})
        folder = Path(tempfile.mkdtemp(prefix="passerelle-world-"))
        begin = start.timestamp()
        copy_into(folder, document, begin)
        configuration = load(stored(document, folder, databases))
        clock, network = MovableClock(begin), Network()
        mailbox = Mailbox(clock, configuration.broker.mail.sender)
        recorder = Recorder(clock)
        around = without_sockets(network, clock, mailbox, recorder.observe)
        found = tuple(sites(configuration, around))
        for site in found:
            network.attach(site.url, recorder.wrap(site.name, site))
        colours = accents(configuration)
        watched = Room(clock, mailbox, recorder, found, colours, open_registration=True)
        room = room_site(configuration, watched)
        network.attach(room.url, room)
        by_name = {site.name: site for site in (*found, room)}
        return cls(configuration, clock, mailbox, recorder, network, by_name, folder)

    @property
    def broker(self) -> Site:
        """The broker."""
        return self.sites[BROKER]

    @property
    def portal(self) -> Site:
        """The portal of the health insurer."""
        return self.sites[PORTAL]

    @property
    def sample(self) -> Site:
        """The private service without any account."""
        return self.sites[SAMPLE]

    @property
    def providers(self) -> dict[str, Site]:
        """The mock identity providers by id."""
        return {one.id: self.sites[one.id] for one in self.configuration.mocks}

    def upstream(self, provider: str) -> Upstream:
        """A mock provider by its id: its personas and faults, its keys, what it was asked."""
        return Upstream(self.providers[provider].app.extensions["mock_issuer"])

    @property
    def credentials(self) -> dict[str, str]:
        """The secret of each service that has one, by its client_id."""
        clients = self.configuration.broker.clients.values()
        return {one.client_id: one.client_secret for one in clients if one.client_secret}

    @property
    def urls(self) -> dict[str, str]:
        """The address of every application by name."""
        return {name: site.url for name, site in self.sites.items()}

    def browser(self) -> Visitor:
        """A new browser, of a person nobody has met."""
        visitor = Visitor(self.network, self.clock)
        clients = self.configuration.broker.clients.values()
        visitor.redirect_uris = frozenset(uri for one in clients for uri in one.redirect_uris)
        return visitor

    def logins(self) -> list[dict[str, Any]]:
        """The timeline of each login, the latest first, as the control room exports it."""
        return [tell(login) for login in logins(self.recorder.all())]

    def keep_up(self) -> None:
        """One round of the broker's upkeep, which a served broker does every now and then."""
        failed = keep_up(self.broker.app.extensions["parts"])
        if failed:
            raise RuntimeError(f"upkeep failed at: {', '.join(failed)}; the log tells why")

    def close(self) -> None:
        """Close the databases of the broker and throw the files away."""
        if self.broker.made:
            for engine in self.broker.app.extensions["parts"].engines.values():
                close_database(engine)
        with suppress(OSError):
            shutil.rmtree(self.folder)

    def __repr__(self) -> str:
        return f"<World {self.folder.name}: {', '.join(self.sites)}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _document(path: Path) -> Document:
    return deepcopy(_read(path, path.read_bytes() if path.is_file() else b""))


@lru_cache(maxsize=4)
def _read(path: Path, _content: bytes) -> Document:
    """Tests make hundreds of worlds out of one file."""
    return read(path)
