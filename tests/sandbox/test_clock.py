"""The clock of a world: runs, stops, jumps."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import MovableClock


class Source:
    """Real time, as a test makes it pass."""

    def __init__(self, now=1_000.0):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def clock(source):
    return MovableClock(source=source)


def test_an_untouched_clock_shows_real_time(clock, source):
    """Until somebody moves it, the clock shows what its source shows."""
    source.now = 1_234.5

    assert clock() == 1_234.5
    assert clock.offset == 0


def test_a_clock_may_start_at_another_moment_and_runs_from_there(source):
    """A world of tests starts at a date of its own, and time passes in it."""
    clock = MovableClock(start=50_000.0, source=source)
    source.now += 7

    assert clock() == 50_007.0


def test_a_frozen_clock_stands_still_while_time_passes(clock, source):
    """Frozen, the clock shows the moment at which it was frozen."""
    clock.freeze()
    source.now += 60

    assert clock.frozen
    assert clock() == 1_000.0


def test_a_resumed_clock_runs_from_where_it_stopped(clock, source):
    """The time spent frozen never comes back."""
    clock.freeze()
    source.now += 60
    clock.resume()
    source.now += 5

    assert not clock.frozen
    assert clock() == 1_005.0


def test_resuming_a_running_clock_changes_nothing(clock):
    """Only a frozen clock can be resumed."""
    clock.advance(10)
    clock.resume()

    assert clock() == 1_010.0


@pytest.mark.parametrize(
    ("step", "seconds"),
    [
        ({"seconds": 3}, 3),
        ({"minutes": 10}, 600),
        ({"hours": 48}, 172_800),
        ({"days": 1, "minutes": -1}, 86_340),
    ],
)
@pytest.mark.parametrize("frozen", [False, True])
def test_a_jump_is_exact_whether_the_clock_runs_or_stands(clock, step, seconds, frozen):
    """48 hours pass in no time."""
    if frozen:
        clock.freeze()
    clock.advance(**step)

    assert clock() == 1_000.0 + seconds
    assert clock.frozen is frozen


@pytest.mark.parametrize("frozen", [False, True])
def test_a_clock_is_set_to_a_date(clock, frozen):
    """A tester may go to the day on which somebody turns 16."""
    if frozen:
        clock.freeze()
    clock.set(datetime(2026, 3, 1, 9, tzinfo=UTC))

    assert clock() == datetime(2026, 3, 1, 9, tzinfo=UTC).timestamp()


def test_a_date_without_time_zone_is_refused(clock):
    """Nobody can say when nine o'clock is without a time zone."""
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 3, 1, 9))  # noqa: DTZ001 - the fault under test


def test_a_clock_goes_back_to_real_time(clock, source):
    """Whatever was done to it, the clock can be what it was."""
    clock.advance(days=3)
    clock.freeze()
    source.now += 1
    clock.back_to_real_time()

    assert clock() == 1_001.0
    assert clock.offset == 0


@given(st.lists(st.integers(-10_000, 10_000)))
def test_jumps_add_up(steps):
    """However a clock is moved, it is ahead by the sum of the jumps."""
    clock = MovableClock(source=Source())
    for step in steps:
        clock.advance(step)

    assert clock.offset == sum(steps)


def test_jumps_of_many_threads_are_all_counted(clock):
    """Applications and testers move the clock at the same time without losing a jump."""
    threads = [
        Thread(target=lambda: [clock.advance(1) for _ in range(200)], daemon=True) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert clock() == 1_000.0 + 1_600
