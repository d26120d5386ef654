"""
CPU of the adapter for one departure and one arrival, each check on.

An arrival makes two outgoing calls and verifies two signatures (ID token, signed user
information), or one where the user information is plain. The upstream answers the same bytes each
time, so that its own work is not counted: in this process first, then over kept-alive connections
to another process, where only ours is measured.

    python -m benchmarks.adapter [trips]
"""

import json
import multiprocessing
import secrets
import socket
import statistics
import sys
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from providers.build import build
from providers.http import Reply
from providers.levels import Level
from providers.protocol import Trip
from providers.settings import ProviderSettings
from providers.urllib3_http import Urllib3Http

NOW = 1_780_000_000.0
TRIP = Trip("state", "nonce", "v" * 43, "https://broker.example/callback", Level.LOW, NOW)
TRAITS = {
    "sub": "claire-1",
    "given_name": "Claire Anne",
    "given_name_array": ["Claire", "Anne"],
    "family_name": "DURAND",
    "birthdate": "1985-03-27",
    "gender": "female",
    "birthplace": "69383",
    "birthcountry": "99100",
    "email": "claire@exemple.fr",
}
DIALECTS = {
    "ES256, signed userinfo": {"id_token_alg": "ES256", "userinfo": "jwt"},
    "RS256, signed userinfo": {"id_token_alg": "RS256", "userinfo": "jwt"},
    "ES256, plain userinfo": {"id_token_alg": "ES256", "userinfo": "json"},
}


class Canned:
    """The answers of one upstream, and a network that gives them."""

    def __init__(self, issuer: str, alg: str, *, signed: bool) -> None:
        key = ECKey.generate_key() if alg == "ES256" else RSAKey.generate_key(2048)
        key.ensure_kid()
        digest = sha256(b"access-token").digest()[:16]
        claims = {
            "iss": issuer,
            "sub": "claire-1",
            "aud": "broker",
            "exp": NOW + 300,
            "iat": NOW,
            "auth_time": NOW,
            "nonce": TRIP.nonce,
            "acr": "eidas1",
            "at_hash": urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }
        header = {"alg": alg, "kid": key.kid}
        tokens = {
            "access_token": "access-token",
            "token_type": "Bearer",
            "id_token": jwt.encode(header, claims, key, algorithms=[alg]),
        }
        userinfo = (
            jwt.encode(header, TRAITS, key, algorithms=[alg]) if signed else json.dumps(TRAITS)
        )
        discovery = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
        }
        self.bodies = {
            "/.well-known/openid-configuration": json.dumps(discovery).encode(),
            "/jwks": json.dumps({"keys": [key.as_dict(private=False)]}).encode(),
            "/token": json.dumps(tokens).encode(),
            "/userinfo": userinfo.encode(),
        }
        self.types = dict.fromkeys(self.bodies, "application/json")
        self.types["/userinfo"] = "application/jwt" if signed else "application/json"
        self._issuer = issuer

    def send(self, _method: str, url: str, **_rest: object) -> Reply:
        """The answer of that path, out of memory."""
        path = url.removeprefix(self._issuer)
        return Reply(200, {"content-type": self.types[path]}, self.bodies[path])


class Answers(BaseHTTPRequestHandler):
    """Gives canned answers over real, kept-alive connections."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """The answer of that path."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.server.canned.bodies[self.path]
        self.send_response(200)
        self.send_header("Content-Type", self.server.canned.types[self.path])
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_POST(self) -> None:
        """The same."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def serve(port: int, canned: Canned) -> None:
    """Answer on that port for ever; runs in another process."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
    server.canned = canned
    server.serve_forever()


def adapter(issuer: str, speech: dict[str, str], http: object) -> object:
    """The provider under measure."""
    table = {
        "id": "here",
        "label": "Here",
        "issuer": issuer,
        "client_id": "broker",
        "client_auth": "client_secret_post",
        "client_secret": "s" * 32,
        "levels": ["eidas1"],
    }
    settings = ProviderSettings.model_validate({**table, **speech})
    return build(settings, http, secrets.token_bytes)


def cpu_of_trips(provider: object, trips: int) -> list[float]:
    """Milliseconds of this process's CPU, all threads, for each round of twenty-five trips."""
    answer = {"code": "code", "state": TRIP.state, "iss": provider.settings.issuer}
    provider.depart(TRIP)
    provider.arrive(answer, TRIP)
    rounds = []
    for _ in range(max(trips // 25, 1)):
        started = time.process_time()
        for _ in range(25):
            provider.depart(TRIP)
            provider.arrive(answer, TRIP)
        rounds.append((time.process_time() - started) * 1000 / 25)
    return rounds


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def over_the_network(speech: dict[str, str], trips: int) -> list[float]:
    """The same trips through urllib3, the upstream in another process."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    canned = Canned(issuer, speech["id_token_alg"], signed=speech["userinfo"] == "jwt")
    upstream = multiprocessing.Process(target=serve, args=(port, canned), daemon=True)
    upstream.start()
    http = Urllib3Http(time.monotonic, production=False)
    wait_for(port)
    rounds = cpu_of_trips(adapter(issuer, speech, http), trips)
    http.close()
    upstream.terminate()
    upstream.join()
    return rounds


def wait_for(port: int) -> None:
    """Until somebody listens there, five seconds at most."""
    for _ in range(250):
        try:
            socket.create_connection(("127.0.0.1", port), 0.1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit("the upstream did not start")


def main(trips: int) -> None:
    """Print a table, and a last line for machines."""
    print(f"{'dialect':26}{'in memory':>12}{'over urllib3':>14}   ms of CPU for one trip (median)")
    worst = 0.0
    for name, speech in DIALECTS.items():
        issuer = "https://upstream.example"
        canned = Canned(issuer, speech["id_token_alg"], signed=speech["userinfo"] == "jwt")
        memory = statistics.median(cpu_of_trips(adapter(issuer, speech, canned), trips))
        network = statistics.median(over_the_network(speech, trips))
        worst = max(worst, network)
        print(f"{name:26}{memory:12.3f}{network:14.3f}")
    print(f"adapter_cpu_ms={worst:.3f} target_ms=3.000 goal_ms=2.000 trips={trips}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
