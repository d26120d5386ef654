"""
The circuit breaker: keeps people away from a provider that fails everybody, for a while.

A pure state machine, told the time. Each process has its own, which is enough for advice: a wrong
memory costs one failed try or a short wait, never a login already begun.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import TypeVar

from providers.faults import CircuitOpen, ProviderFault

Outcome = TypeVar("Outcome")


class CircuitState(StrEnum):
    """What the page of providers says: nothing, "disturbed", or "unavailable"."""

    CLOSED = "closed"
    TROUBLED = "troubled"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class CircuitRules:
    """
    Failures within `window` seconds that make a provider troubled, then open; how long it rests.

    The rest doubles with each failed return, up to `longest_rest`.
    """

    troubled_after: int = 2
    open_after: int = 5
    window: float = 120.0
    rest: float = 30.0
    longest_rest: float = 600.0


class Circuit:
    """
    The recent failures of one provider, safe to share between threads.

    After its rest an open circuit is half open: shown as troubled, everybody admitted; the next
    success closes it, the next failure opens it again for twice as long.
    """

    def __init__(self, rules: CircuitRules = CircuitRules()) -> None:
        self._rules = rules
        self._lock = Lock()
        self._failures: deque[float] = deque(maxlen=rules.open_after)
        self._open_until: float | None = None
        self._rest = rules.rest

    def state(self, now: float) -> CircuitState:
        """The state at `now`."""
        with self._lock:
            return self._state(now)

    def reopens_at(self, now: float) -> float | None:
        """When an open circuit admits people again, Unix seconds; None when it is not open."""
        with self._lock:
            return self._open_until if self._state(now) is CircuitState.OPEN else None

    def departing(self, depart: Callable[[], Outcome], now: float) -> Outcome:
        """Let somebody depart, or raise CircuitOpen; a fault that blames the provider counts."""
        if self.state(now) is CircuitState.OPEN:
            raise CircuitOpen
        return self._counted(depart, now)

    def arriving(self, arrive: Callable[[], Outcome], now: float) -> Outcome:
        """
        Let somebody arrive, even while the circuit is open: they have done their part already.

        An arrival closes the circuit; a fault that blames the provider counts.
        """
        outcome = self._counted(arrive, now)
        self.succeeded()
        return outcome

    def _counted(self, step: Callable[[], Outcome], now: float) -> Outcome:
        try:
            return step()
        except ProviderFault as fault:
            if fault.blames_upstream:
                self.failed(now)
            raise

    def succeeded(self) -> None:
        """The provider did its work: forget the failures."""
        with self._lock:
            self._failures.clear()
            self._open_until, self._rest = None, self._rules.rest

    def failed(self, now: float) -> None:
        """The provider failed, in a way that does not depend on the person."""
        with self._lock:
            half_open = self._open_until is not None and now >= self._open_until
            if half_open:
                self._rest = min(2 * self._rest, self._rules.longest_rest)
            self._failures.append(now)
            if half_open or self._recent(now) >= self._rules.open_after:
                self._open_until = now + self._rest

    def _state(self, now: float) -> CircuitState:
        if self._open_until is not None:
            resting = self._open_until - self._rest <= now < self._open_until
            return CircuitState.OPEN if resting else CircuitState.TROUBLED
        troubled = self._recent(now) >= self._rules.troubled_after
        return CircuitState.TROUBLED if troubled else CircuitState.CLOSED

    def _recent(self, now: float) -> int:
        return sum(1 for at in self._failures if abs(now - at) <= self._rules.window)
