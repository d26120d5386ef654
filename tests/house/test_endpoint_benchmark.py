"""The benchmark of the endpoints redeems codes that are good, and tells when one was not."""

import importlib
import socket
import threading
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import parse_qs

import pytest

from tests.service import API, Service


@pytest.fixture
def endpoints(root, monkeypatch):
    """The module `benchmarks/endpoints.py`."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module("endpoints")


@dataclass
class Servers:
    """What the benchmark knows of the processes it started."""

    service: object


def test_a_copied_grant_is_a_whole_redemption(endpoints, world, browser):
    """Each copy has a code of its own, good once, for the token of the person who logged in."""
    sample = Service(world)
    sample.login(browser)
    database = world.configuration.broker.broker.database
    codes = list(endpoints.copied_grants(database, 3))
    sample.verifier = endpoints._VERIFIER

    claims = [sample.id_token(sample.tokens(code)) for code in codes]
    assert len(set(codes)) == 3
    assert len({claim["sub"] for claim in claims}) == 1
    assert sample.redeem(codes[0]).status == 400


def test_a_prepared_redemption_says_all_that_the_endpoint_asks(endpoints, root, monkeypatch):
    """A client secret in the header, the code and its verifier in the body, the length of it."""
    walk = importlib.import_module("walk")
    service = walk.Service("http://127.0.0.1:1/api/v2", "bench", "secret", "http://127.0.0.1:9/cb")
    (request,) = endpoints.redemptions(Servers(service), ["a-code"])
    head, _, body = request.decode().partition("\r\n\r\n")
    fields = {name: value for name, (value,) in parse_qs(body).items()}

    assert head.startswith(f"POST {API}/token HTTP/1.1\r\nHost: 127.0.0.1:1\r\n")
    assert "Authorization: Basic YmVuY2g6c2VjcmV0" in head
    assert f"Content-Length: {len(body)}" in head
    assert fields == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "redirect_uri": "http://127.0.0.1:9/cb",
        "code_verifier": endpoints._VERIFIER,
    }


@pytest.fixture
def answering():
    """Serve these bytes to each request of one connection; gives the address."""
    listening = []

    def serve(*answers):
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def run():
            with closing(server.accept()[0]) as line:
                for answer in answers:
                    line.recv(65_536)
                    for piece in answer:
                        line.sendall(piece)

        threading.Thread(target=run, daemon=True).start()
        return f"127.0.0.1:{server.getsockname()[1]}"

    yield serve
    for server in listening:
        server.close()


def test_an_answer_in_pieces_is_read_to_its_end(endpoints, answering):
    """Head and body may come in any number of packets, and the next answer is not eaten."""
    whole = [b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 5\r\n\r\nab", b"cde"]
    address = answering(whole, whole)

    endpoints.send(address, [b"GET / HTTP/1.1\r\n\r\n"] * 2, together=1)


def test_an_answer_that_is_not_200_ends_the_measurement(endpoints, answering):
    """A fast refusal is no speed."""
    address = answering([b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}"])

    with pytest.raises(SystemExit, match="401 Unauthorized"):
        endpoints.send(address, [b"GET / HTTP/1.1\r\n\r\n"], together=1)


def test_what_one_core_does_follows_from_the_cpu_of_a_request(endpoints):
    """Two milliseconds each are five hundred a second, however long the clock ran."""
    assert endpoints.Cost(cpu_ms=2.0, wall=9.0, requests=10).per_core == 500
