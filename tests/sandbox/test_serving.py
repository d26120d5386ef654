"""Several applications served from one process, on real ports of this machine."""

import socket
import urllib.request
from threading import Thread

import pytest

from sandbox.serving import BusyPortError, Servers, in_words, refuse_busy


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"127.0.0.1:{probe.getsockname()[1]}"


def application(name):
    def answer(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [name.encode()]

    return answer


def get(address):
    with urllib.request.urlopen(f"http://{address}/", timeout=5) as reply:
        return reply.read().decode()


@pytest.fixture
def served():
    """Two applications that answer until the test ends."""
    addresses = [free_address(), free_address()]
    servers = Servers({a: application(a) for a in addresses}, threads=2)
    thread = Thread(target=servers.run, daemon=True)
    thread.start()
    yield addresses
    servers.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_each_application_answers_on_its_own_port(served):
    """One loop, two doors."""
    assert [get(address) for address in served] == served


def test_a_taken_port_is_named(served):
    """Nobody has to guess which one."""
    port = int(served[0].rpartition(":")[2])

    with pytest.raises(BusyPortError) as busy:
        Servers({free_address(): application("a"), served[0]: application("b")})
    assert busy.value.ports == (port,)


def test_every_taken_port_is_named_at_once(served):
    """Whoever frees a port frees them all."""
    free = free_address()

    with pytest.raises(BusyPortError) as busy:
        refuse_busy([served[0], free, served[1]])
    assert busy.value.ports == tuple(int(a.rpartition(":")[2]) for a in served)
    refuse_busy([free])


def test_servers_that_nobody_visits_stop_when_told_to():
    """Told before they began, while they wait, or once they are closed."""
    servers = Servers({free_address(): application("a")}, threads=1)
    thread = Thread(target=servers.run, daemon=True)
    thread.start()
    servers.stop()
    thread.join(5)
    assert not thread.is_alive()

    servers.stop()
    early = Servers({free_address(): application("a")}, threads=1)
    early.stop()
    early.run()


def test_ports_are_free_again_after_the_end():
    """Ctrl-C and a new start follow one another without waiting."""
    address = free_address()
    Servers({address: application("a")}).close()
    second = Servers({address: application("b")})
    second.close()

    refuse_busy([address])


def test_a_failed_start_frees_what_it_had_taken(served):
    """The first door is closed when the second cannot be opened."""
    free = free_address()
    with pytest.raises(BusyPortError):
        Servers({free: application("a"), served[0]: application("b")})

    refuse_busy([free])


@pytest.mark.parametrize(
    ("ports", "words"),
    [
        ([8025], "8025"),
        ([8000, 8025], "8000 and 8025"),
        ([8001, 8000, 8002, 8009, 8080, 8081], "8000 to 8002, 8009 and 8080 to 8081"),
    ],
)
def test_ports_are_told_in_few_words(ports, words):
    """Neighbours together."""
    assert in_words(ports) == words


def test_the_ports_that_are_proposed_are_others():
    """Whoever moved the ports already is not sent back to where they are."""
    assert "PORT_BASE=9000" in str(BusyPortError([8000, 8081]))
    assert "PORT_BASE=10000" in str(BusyPortError([9000, 9081]))
