"""Keys behind an address that fails: whoever sends junk holds no thread of the broker for long."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from joserfc.jwk import ECKey

from broker.clients.keys import ClientKeys
from broker.errors import ClientAssertionError
from providers.http import CallFailedError, Reply

ADDRESS = "https://rp.example/jwks"
WAITERS = 8


def key_set(kid):
    key = ECKey.generate_key("P-256", {"kid": kid}, private=False)
    return json.dumps({"keys": [key.as_dict(private=False)]}).encode()


@dataclass(frozen=True)
class Service:
    """A service with keys behind an address."""

    jwks_uri: str = ADDRESS
    jwks: dict | None = None


@dataclass
class Network:
    """Answers with `body`, or not at all; `gate` holds whoever calls."""

    body: bytes | None = None
    calls: int = 0
    limits: list = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def send(self, _method, _url, *, headers, limits, body=None):
        assert headers
        assert body is None
        self.calls += 1
        self.limits.append(limits)
        assert self.gate.wait(30)
        if self.body is None:
            raise CallFailedError("unreachable")
        return Reply(200, {}, self.body)


@pytest.fixture
def network():
    made = Network()
    made.gate.set()
    return made


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(network, clock):
    return ClientKeys(network, clock)


def kid(keys, *, again=False):
    return keys.of(Service(), again=again).keys[0].kid


@pytest.mark.parametrize("again", [False, True])
def test_an_address_that_fails_is_not_called_for_every_request(keys, network, clock, again):
    """A hundred pieces of junk cost one call; half a minute later there is another one."""
    for _ in range(100):
        with pytest.raises(ClientAssertionError):
            keys.of(Service(), again=again)
    first = network.calls
    clock.now += 31
    network.body = key_set("one")

    assert first == 1
    assert kid(keys, again=again) == "one"


def test_whoever_comes_during_the_first_call_shares_its_outcome(keys, network):
    """Of eight threads one is on the line, and all go on when it is."""
    network.gate.clear()
    network.body = key_set("one")
    with ThreadPoolExecutor(WAITERS) as pool:
        asked = [pool.submit(kid, keys) for _ in range(WAITERS)]
        network.gate.set()
        found = [one.result(30) for one in asked]

    assert found == ["one"] * WAITERS
    assert network.calls == 1


def test_a_call_is_short(keys, network):
    """Four seconds in all: a thread that waits is one that serves nobody."""
    with pytest.raises(ClientAssertionError):
        kid(keys)

    (limits,) = network.limits
    assert limits.connect + limits.read <= 4


def test_known_keys_serve_on_while_their_address_is_away(keys, network, clock):
    """Ten minutes more; and then the service is refused until it answers."""
    network.body = key_set("one")
    kid(keys)
    network.body = None
    clock.now += 601
    served = [kid(keys), kid(keys, again=True)]
    clock.now += 600

    assert served == ["one", "one"]
    assert network.calls == 2
    with pytest.raises(ClientAssertionError):
        kid(keys)


def test_new_keys_are_read_once_the_old_ones_are_a_minute_old(keys, network, clock):
    """A rotation is noticed; forged signatures ask no more than that."""
    network.body = key_set("one")
    kid(keys)
    network.body = key_set("two")
    early = kid(keys, again=True)
    clock.now += 61
    late = [kid(keys, again=True) for _ in range(20)]

    assert early == "one"
    assert set(late) == {"two"}
    assert network.calls == 2
