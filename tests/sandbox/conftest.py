"""Small worlds of the sandbox's own tests."""

from datetime import UTC, datetime

import pytest

from sandbox.clock import MovableClock


@pytest.fixture
def clock():
    """A stopped clock, at an even figure."""
    clock = MovableClock()
    clock.freeze()
    clock.set(datetime.fromtimestamp(1_000_000, UTC))
    return clock
