"""Open devices of accounts: noted once, told, ended, forgotten with their sessions."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from relying_party_demo.outside import Outside
from relying_party_demo.sessions.database import open_database
from relying_party_demo.sessions.devices import Devices, session_name
from relying_party_demo.sessions.store import TABLES, Sessions, SignedIn

IDLE = 1200


@pytest.fixture
def store(tmp_path, clock):
    """(sessions, devices) of one service."""
    outside = Outside(clock=clock)
    engine = open_database(f"sqlite:///{tmp_path}/sessions.sqlite", (TABLES,))
    yield Sessions(engine, IDLE, outside), Devices(engine, IDLE, outside)
    engine.dispose()


def opened(store, account="acc-1", label="Firefox, Linux"):
    sessions, devices = store
    text = sessions.open(SignedIn("s", "eidas1", 0.0, {}, "t", 0.0), None)
    devices.note(text, account, label)
    return text


def test_a_device_is_told_with_its_times(store, clock):
    """Since when it is open, and when it was last used."""
    sessions, devices = store
    text = opened(store)
    clock.advance(60)
    sessions.use(text)
    (device,) = devices.of("acc-1")

    assert device.label == "Firefox, Linux"
    assert device.seen_at - device.opened_at == 60
    assert device.name == session_name(text)


def test_the_latest_used_comes_first(store, clock):
    """The device in one's hand is at the top."""
    sessions, devices = store
    texts = [opened(store, label=str(n)) for n in range(3)]
    clock.advance(1)
    sessions.use(texts[1])

    assert devices.of("acc-1")[0].label == "1"


def test_a_name_opens_nothing(store):
    """Not the text of the cookie, nor a part of it, nor the key of its row."""
    sessions, _devices = store
    text = opened(store)

    assert re.fullmatch(r"[0-9a-f]{32}", session_name(text))
    assert session_name(text) not in text
    assert sessions.look(session_name(text)) is None


def test_whether_a_device_is_noted(store):
    """Asked on each view of the first page."""
    sessions, devices = store
    text = sessions.open(SignedIn("s", "eidas1", 0.0, {}, "t", 0.0), None)
    assert not devices.known(text)
    devices.note(text, "acc-1", "x")

    assert devices.known(text)


def test_two_tabs_note_one_device(store):
    """The first of them counts."""
    sessions, devices = store
    text = sessions.open(SignedIn("s", "eidas1", 0.0, {}, "t", 0.0), None)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: devices.note(text, "acc-1", str(n)), range(8)))

    assert len(devices.of("acc-1")) == 1


def test_ending_a_device_ends_its_session_alone(store):
    """By its name, for its account."""
    sessions, devices = store
    first, second = opened(store), opened(store)
    assert devices.close("acc-2", session_name(first)) == 0
    assert devices.close("acc-1", session_name(first)) == 1
    assert devices.close("acc-1", session_name(first)) == 0

    assert sessions.look(first) is None
    assert sessions.look(second) is not None


def test_ending_an_account_ends_every_session_of_it(store):
    """And no other's."""
    sessions, devices = store
    mine, theirs = [opened(store) for _ in range(3)], opened(store, "acc-2")
    assert devices.close("acc-1") == 3

    assert [sessions.look(text) for text in mine] == [None] * 3
    assert sessions.look(theirs) is not None


@pytest.mark.parametrize(("seconds", "count"), [(IDLE - 1, 1), (IDLE, 0)])
def test_an_idle_session_is_no_open_device(store, clock, seconds, count):
    """The same limit as the session's."""
    _sessions, devices = store
    opened(store)
    clock.advance(seconds)

    assert len(devices.of("acc-1")) == count


def test_devices_are_forgotten_with_their_sessions(store):
    """Noting one forgets those that have no session any more."""
    sessions, devices = store
    for _ in range(3):
        sessions.close(opened(store))
    opened(store)
    with devices._engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM device").scalar_one()

    assert kept == 1
