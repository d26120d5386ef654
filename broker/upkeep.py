"""
Upkeep: what a node does beside its requests, in bounded batches.

Expired rows are forgotten, the journal is chained, notices and mails are sent again. Any node may
do it, several at once are harmless, and each run is short. A round is a list of tasks: one that
fails is told to the log and stops neither the others nor the next round.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import count
from traceback import extract_tb

import structlog

from broker.audit.journal import seal_chain
from broker.parts import Parts
from broker.retention import Forgotten, forget, note, to_forget

EVERY_SECONDS = 20.0
_DAY = 86_400.0
_MOST_BATCHES = 20
_LOG = structlog.get_logger("broker.upkeep")

Task = tuple[str, Callable[[], object]]
"""What to do, and the name under which the log tells that it failed."""


def _nothing() -> None:
    """There is nothing of the kind to do."""


def keep_up(parts: Parts, *, daily: bool = True) -> tuple[str, ...]:
    """One round, the tasks of once a day among them; the names of those that failed."""
    return _worked_through(_round(parts, daily=daily))


def _round(parts: Parts, *, daily: bool) -> tuple[Task, ...]:
    forgetting = to_forget(parts, daily=daily)
    return (
        *((f"forget {one.name}", partial(_forget, parts, one)) for one in forgetting),
        ("chain", partial(_chain, parts)),
        ("notices", parts.notices.deliver),
        ("mails", parts.postman.deliver_due if parts.postman else _nothing),
    )


def _worked_through(tasks: Iterable[Task]) -> tuple[str, ...]:
    """Do every task; the names of those that failed."""
    failed = []
    for name, work in tasks:
        try:
            work()
        except Exception as fault:  # noqa: BLE001 - nobody else would keep this node up
            place = extract_tb(fault.__traceback__)[-1]
            where = f"{place.filename.rpartition('/')[2]}:{place.lineno}"
            # What an exception says may name a person: its kind and its place do not.
            _LOG.warning("upkeep postponed", task=name, fault=type(fault).__name__, where=where)
            failed.append(name)
    return tuple(failed)


def _forget(parts: Parts, one: Forgotten) -> None:
    gone = forget(parts, one, _MOST_BATCHES)
    if gone and one.daily:
        note(parts, {one.name: gone})


def _chain(parts: Parts) -> None:
    for _ in range(_MOST_BATCHES):
        with parts.engines["broker"].begin() as tx:
            if not seal_chain(tx):
                break


@dataclass(slots=True)
class Upkeep:
    """Runs `keep_up` in a thread of its own until stopped; `beside` runs with each round."""

    parts: Parts
    every: float = EVERY_SECONDS
    beside: Callable[[], None] = _nothing
    _stop: threading.Event | None = None

    def start(self) -> None:
        """Begin; the thread dies with the process."""
        self._stop = threading.Event()
        threading.Thread(target=self._run, args=(self._stop,), name="upkeep", daemon=True).start()

    def stop(self) -> None:
        """End after the round that is under way."""
        if self._stop is not None:
            self._stop.set()

    def _run(self, stop: threading.Event) -> None:
        rounds_of_a_day = max(1, round(_DAY / self.every))
        for number in count():
            if stop.wait(self.every):
                return
            daily = number % rounds_of_a_day == 0
            _worked_through((("beside", self.beside), *_round(self.parts, daily=daily)))
