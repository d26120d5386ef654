"""
What the endpoints that programs call cost: token, discovery, the key set.

    python benchmarks/endpoints.py [--tokens 1500] [--reads 4000] [--runs 3] [--together 4]
                                   [--server granian|waitress]

The broker runs as a process of its own, as in production, with one worker on a SQLite file. One
login is walked; its grant is then copied under new codes, so that each token request is a whole
redemption: client_secret_basic, PKCE, the code spent by its own transaction, an access token, an
ID token signed with ES256, a row of the journal. Requests are sent over a few connections that
stay open, prepared beforehand.

CPU is user and system time of the broker's process tree as the operating system accounts for it,
divided by the requests; one core does 1000 divided by those milliseconds in a second, and that is
the figure of the last line: the wall clock of a machine shared with the driver says less. Each
figure of the last line is the median of the runs.
"""

import argparse
import base64
import hashlib
import secrets
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from accounting import cpu_seconds, machine_ms
from servers import Servers, start_servers
from sqlalchemy import create_engine, insert, select
from walk import Walker

from broker.openid.grants import GRANT, code_hash

_FAR = 4e9
_WARMUP = 50
_VERIFIER = "benchmark-verifier-0123456789abcdef-0123456789abcdef"


@dataclass(frozen=True)
class Cost:
    """What a number of requests took: CPU milliseconds of the broker each, and wall seconds."""

    cpu_ms: float
    wall: float
    requests: int

    @property
    def per_core(self) -> float:
        """How many of them one core does in a second."""
        return 1000 / self.cpu_ms


def main() -> int:
    """Measure as asked."""
    asked = _arguments()
    print(__doc__.split("\n\n", 2)[2])
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-") as name:
        database = f"sqlite:///{name}/broker.sqlite"
        with start_servers(Path(name), database, server=asked.server, persons=10) as servers:
            Walker(servers.service).login()
            runs = [_run(asked, servers, database) for _ in range(asked.runs)]
    print(
        " ".join(
            f"{key}_per_s={statistics.median(run[key].per_core for run in runs):.0f}"
            for key in ("token", "discovery", "jwks")
        )
    )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--tokens", type=int, default=1500, help="redemptions of each run")
    parser.add_argument("--reads", type=int, default=4000, help="documents read in each run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--together", type=int, default=4, help="connections at a time")
    parser.add_argument("--server", choices=["granian", "waitress"], default="granian")
    return parser.parse_args()


def _run(asked: argparse.Namespace, servers: Servers, database: str) -> dict[str, Cost]:
    issuer = urlsplit(servers.service.issuer)
    codes = copied_grants(database, asked.tokens + _WARMUP)
    work = {
        "token": list(redemptions(servers, codes)),
        "discovery": [reading(issuer.netloc, f"{issuer.path}/.well-known/openid-configuration")]
        * (asked.reads + _WARMUP),
        "jwks": [reading(issuer.netloc, f"{issuer.path}/jwks")] * (asked.reads + _WARMUP),
    }
    costs = {
        key: _measured(servers.pids["broker"], issuer.netloc, requests, asked.together)
        for key, requests in work.items()
    }
    told = ", ".join(
        f"{key} {cost.cpu_ms:.3f} ms CPU ({cost.requests / cost.wall:.0f}/s by the wall clock)"
        for key, cost in costs.items()
    )
    print(f"{told}; machine {machine_ms():.1f} ms", flush=True)
    return costs


def copied_grants(database: str, number: int) -> Iterator[str]:
    """So many codes that may be redeemed, each a copy of the first grant of the database."""
    engine = create_engine(database)
    codes = [secrets.token_urlsafe(32) for _ in range(number)]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(_VERIFIER.encode()).digest())
    with engine.begin() as tx:
        known = tx.execute(select(GRANT).limit(1)).mappings().one()
        fresh = {
            **known,
            "code_expires_at": _FAR,
            "redeemed_at": None,
            "token_hash": None,
            "token_expires_at": None,
            "code_challenge": challenge.rstrip(b"=").decode(),
        }
        tx.execute(insert(GRANT), [{**fresh, "code_hash": code_hash(code)} for code in codes])
    engine.dispose()
    return iter(codes)


def redemptions(servers: Servers, codes: Iterable[str]) -> Iterator[bytes]:
    """A token request for each code, ready to be sent."""
    service, issuer = servers.service, urlsplit(servers.service.issuer)
    pair = base64.b64encode(f"{service.client_id}:{service.client_secret}".encode()).decode()
    for code in codes:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": service.redirect_uri,
            "code_verifier": _VERIFIER,
        }
        body = urlencode(fields)
        head = (
            f"POST {issuer.path}/token HTTP/1.1\r\nHost: {issuer.netloc}\r\n"
            f"Authorization: Basic {pair}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        yield (head + body).encode()


def reading(netloc: str, path: str) -> bytes:
    """A GET, ready to be sent."""
    return f"GET {path} HTTP/1.1\r\nHost: {netloc}\r\nAccept: */*\r\n\r\n".encode()


def _measured(pid: int, netloc: str, requests: list[bytes], together: int) -> Cost:
    send(netloc, requests[:_WARMUP], 1)
    wanted = requests[_WARMUP:]
    before, started = cpu_seconds(pid), time.perf_counter()
    send(netloc, wanted, together)
    wall, spent = time.perf_counter() - started, cpu_seconds(pid) - before
    return Cost(spent * 1000 / len(wanted), wall, len(wanted))


def send(netloc: str, requests: list[bytes], together: int) -> None:
    """Send them all over `together` connections; SystemExit when an answer is not 200."""
    faults: list[str] = []
    threads = [
        threading.Thread(target=_send_each, args=(netloc, requests[n::together], faults))
        for n in range(together)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"An endpoint did not answer 200: {faults[0]}")


def _send_each(netloc: str, requests: list[bytes], faults: list[str]) -> None:
    host, _, port = netloc.partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            line.sendall(request)
            answer = _answer(line)
            if not answer.startswith(b"HTTP/1.1 200"):
                faults.append(answer[:500].decode(errors="replace"))
                return


def _answer(line: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(line)
    head, _, body = received.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
    missing = int(length) - len(body)
    while missing > 0:
        received += (piece := _more(line))
        missing -= len(piece)
    return received


def _more(line: socket.socket) -> bytes:
    piece = line.recv(65_536)
    if not piece:
        raise SystemExit("The broker closed a connection in the middle of an answer.")
    return piece


if __name__ == "__main__":
    sys.exit(main())
