"""The benchmark walks pages as a browser does, and counts what the system counted."""

import importlib
import os
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest


@pytest.fixture
def benchmark(root, monkeypatch):
    """A module of the folder `benchmarks`, by name."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module


@pytest.fixture
def served():
    """Serve a WSGI application on this machine; gives its address."""

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

    servers = []

    def serve(application):
        server = make_server("127.0.0.1", 0, None, handler_class=Quiet)
        address = f"http://127.0.0.1:{server.server_port}"
        server.set_app(application(address))
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return address

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_control_sends_its_form_and_itself(benchmark):
    """Pressing a button sends the fields of its form, wherever they stand, and its own value."""
    page = """
      <form action="/other"><input name="x" value="1"></form>
      <form method="post" action="/choose?a=1&amp;b=2">
        <input type="hidden" name="csrf_token" value="a&quot;b">
        <button name="provider" value="tax" data-testid="provider-tax">Tax</button>
        <input type="checkbox" name="email" checked>
        <input type="checkbox" name="news">
        <input type="checkbox" name="agreed" value="yes" required>
        <input type="submit" name="ignored">
      </form>
      <a data-testid="abandon" href="/leave">Leave</a>"""
    button, link = benchmark("walk").controls(page)

    assert (button.testid, button.method, button.action) == (
        "provider-tax",
        "post",
        "/choose?a=1&b=2",
    )
    assert button.fields == [
        ("csrf_token", 'a"b'),
        ("email", "on"),
        ("agreed", "yes"),
        ("provider", "tax"),
    ]
    assert (link.testid, link.method, link.action) == ("abandon", "get", "/leave")


def test_the_fixed_upstream_can_be_logged_in_to(benchmark, served):
    """A login walked straight at the upstream ends with claims; each person comes in turn."""
    address = served(lambda issuer: benchmark("upstream").Upstream(issuer, persons=2))
    walk = benchmark("walk")
    walker = walk.Walker(walk.Service(address, "bench", "secret", "http://127.0.0.1:9/callback"))

    subjects = [walker.login()["sub"] for _ in range(3)]

    assert subjects == ["up-0", "up-1", "up-0"]
    assert sum(walker.counts.values()) == 9


def test_a_login_that_ends_badly_is_said(benchmark, served):
    """A page without a known control stops the walk with a sentence."""

    def lost(_issuer):
        def application(_environ, start):
            start("200 OK", [("Content-Type", "text/html"), ("Content-Length", "15")])
            return [b"<p>Nothing.</p>"]

        return application

    walk = benchmark("walk")
    walker = walk.Walker(walk.Service(served(lost), "bench", "s", "http://127.0.0.1:9/callback"))

    with pytest.raises(walk.LoginFailedError, match="nothing to press"):
        walker.login()


def test_two_persons_of_the_upstream_differ_in_their_traits(benchmark):
    """No two persons share the traits that identify them, so that each login is a new person."""
    person = benchmark("upstream").person

    identities = {tuple(person(n)[k] for k in ("family_name", "birthdate")) for n in range(5000)}

    assert len(identities) == 5000


def test_the_cpu_of_a_process_is_read_from_the_system(benchmark):
    """Work that this process does is found in its account, within two ticks."""
    accounting = benchmark("accounting")
    before, began = accounting.cpu_seconds(os.getpid()), os.times()
    while sum(os.times()[:2]) - sum(began[:2]) < 0.2:
        sum(range(10_000))

    assert accounting.cpu_seconds(os.getpid()) - before == pytest.approx(0.2, abs=0.06)
    assert accounting.pss_mib(os.getpid()) > 5
    assert os.getpid() in accounting.tree(os.getppid())
