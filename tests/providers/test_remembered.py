"""A remembered document: one load for many threads, and a limited patience with old ones."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from providers import call_faults
from providers.remembered import Remembered
from tests.providers.stage import NOON


class Source:
    """Gives 1, 2, 3...; waits for `gate`, or fails while `down`."""

    def __init__(self):
        self.loads, self.down = 0, False
        self.gate = threading.Event()
        self.gate.set()
        self.asked = threading.Semaphore(0)

    def __call__(self):
        self.asked.release()
        self.gate.wait(5)
        self.loads += 1
        if self.down:
            raise call_faults.JWKS.unreachable
        return self.loads


def test_a_document_lasts_for_its_lifetime():
    """It is loaded at first, and again when its lifetime is over."""
    source, remembered = Source(), Remembered(60)
    seen = [remembered.get(NOON + at, source) for at in (0, 59, 60, 61, 119, 120)]

    assert seen == [1, 1, 2, 2, 2, 3]


def test_a_clock_moved_either_way_ends_the_lifetime():
    """A clock set back as far as a lifetime makes the document old as well."""
    source, remembered = Source(), Remembered(60)
    remembered.get(NOON, source)

    assert remembered.get(NOON - 61, source) == 2


def test_an_old_document_serves_one_lifetime_more():
    """When loading fails the old document serves, until it is two lifetimes old."""
    source, remembered = Source(), Remembered(60)
    remembered.get(NOON, source)
    source.down = True

    assert remembered.get(NOON + 119, source) == 1
    with pytest.raises(call_faults.JWKS.unreachable):
        remembered.get(NOON + 120, source)


def test_a_first_load_that_fails_is_told():
    """Without any document there is only the fault, and the next who asks tries again."""
    source, remembered = Source(), Remembered(60)
    source.down = True
    for _ in range(2):
        with pytest.raises(call_faults.JWKS.unreachable):
            remembered.get(NOON, source)
    source.down = False

    assert remembered.get(NOON, source) == 3


def _together(remembered, source, now, threads=12):
    """Everybody asks while the first load is under way; what each one got."""
    source.gate.clear()

    def ask():
        try:
            return remembered.get(now, source)
        except call_faults.JWKS.unreachable:
            return "fault"

    with ThreadPoolExecutor(threads) as pool:
        asked = [pool.submit(ask) for _ in range(threads)]
        assert source.asked.acquire(timeout=5)
        source.gate.set()
        return [one.result(5) for one in asked]


def test_many_who_wait_for_a_first_load_share_it():
    """Twelve threads without a document make one load, and all get it."""
    source, remembered = Source(), Remembered(60)

    assert set(_together(remembered, source, NOON)) == {1}
    assert source.loads == 1


def test_many_who_wait_for_a_load_that_fails_share_the_fault():
    """A dead upstream holds nobody longer than the one call all of them waited for."""
    source, remembered = Source(), Remembered(60)
    source.down = True

    assert _together(remembered, source, NOON).count("fault") == 12
    assert source.loads <= 2


def test_an_old_document_is_served_while_somebody_renews_it():
    """A slow renewal holds one thread only: the others get what is known."""
    source, remembered = Source(), Remembered(60)
    remembered.get(NOON, source)
    source.asked.acquire()
    source.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(remembered.get, NOON + 61, source)
        assert source.asked.acquire(timeout=5)

        assert remembered.get(NOON + 61, source) == 1
        source.gate.set()
        assert renewing.result(5) == 2


def test_a_reload_does_not_wait_for_the_lifetime():
    """Whoever needs a newer document gets one at once."""
    source, remembered = Source(), Remembered(60)
    remembered.get(NOON, source)

    assert remembered.reload(NOON, source) == 2
    assert remembered.get(NOON + 59, source) == 2
    assert remembered.current == 2
