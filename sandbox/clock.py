"""The clock that every application of a world reads, and that a tester may stop and move."""

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock

MINUTE, HOUR, DAY = 60, 3600, 86_400
HALF_A_YEAR = 184 * DAY
"""Six months of the calendar are at most so long."""


class MovableClock:
    """
    Unix seconds when called, like `time.time`; safe between threads.

    Runs with `source` until frozen. Moving it back is allowed: a tester may look at yesterday.
    """

    def __init__(self, start: float | None = None, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._lock = Lock()
        self._offset = 0.0 if start is None else start - source()
        self._stopped_at: float | None = None

    def __call__(self) -> float:
        """Now."""
        with self._lock:
            return self._now()

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._stopped_at is not None

    @property
    def offset(self) -> float:
        """How many seconds this clock is ahead of its source."""
        with self._lock:
            stopped = self._stopped_at
            return self._offset if stopped is None else stopped - self._source()

    def freeze(self) -> None:
        """Stop, here and now; `advance` and `set` still move it."""
        with self._lock:
            self._stopped_at = self._now()

    def resume(self) -> None:
        """Run again from where it stopped."""
        with self._lock:
            if self._stopped_at is not None:
                self._offset = self._stopped_at - self._source()
                self._stopped_at = None

    def advance(
        self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> None:
        """Jump ahead: `clock.advance(hours=48)`; negative figures jump back."""
        step = seconds + minutes * MINUTE + hours * HOUR + days * DAY
        with self._lock:
            self._move_to(self._now() + step)

    def set(self, moment: datetime) -> None:
        """Jump to that moment, which must know its time zone; ValueError otherwise."""
        if moment.tzinfo is None:
            raise ValueError("the moment needs a time zone")
        with self._lock:
            self._move_to(moment.timestamp())

    def back_to_real_time(self) -> None:
        """Run as the source does."""
        with self._lock:
            self._stopped_at, self._offset = None, 0.0

    def _now(self) -> float:
        return self._source() + self._offset if self._stopped_at is None else self._stopped_at

    def _move_to(self, moment: float) -> None:
        if self._stopped_at is not None:
            self._stopped_at = moment
        else:
            self._offset = moment - self._source()
