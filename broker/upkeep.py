"""
Upkeep: what a node does beside its requests, in bounded batches.

Expired rows are forgotten, the journal is chained, notices and mails are sent again. Any node may
do it, several at once are harmless, and each run is short.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from broker.audit.journal import seal_chain
from broker.clients import assertions
from broker.insured.accounts.retention import PURGES as ACCOUNTS
from broker.insured.credentials.retention import PURGES as CREDENTIALS
from broker.insured.desk.retention import PURGES as DESK
from broker.insured.space.retention import PURGES as SPACE
from broker.login import store as attempts
from broker.openid import grants, notices, pushed, service_tokens
from broker.parts import Parts
from broker.sessions import store as sessions

EVERY_SECONDS = 20.0
_DAY = 86_400.0
_MOST_BATCHES = 20
_LOG = structlog.get_logger("broker.upkeep")

# What to forget, and for how many seconds after its end it is kept: grants tell which services
# took part in a session, so they outlive the longest one; undelivered notices are a technical log.
_FORGOTTEN: tuple[tuple[Callable[[Connection, float], int], float], ...] = (
    (attempts.purge, _DAY),
    (sessions.purge, 0.0),
    (grants.purge, _DAY),
    (service_tokens.purge, 0.0),
    (pushed.purge, 0.0),
    (assertions.purge, 0.0),
    (notices.purge, 183 * _DAY),
)


def keep_up(parts: Parts) -> None:
    """One round of everything; a database that is away is tried again at the next round."""
    engine, now = parts.engines["broker"], parts.outside.clock()
    for forget, kept in _FORGOTTEN:
        for _ in range(_MOST_BATCHES):
            with engine.begin() as tx:
                if not forget(tx, now - kept):
                    break
    for _ in range(_MOST_BATCHES):
        with engine.begin() as tx:
            if not seal_chain(tx):
                break
    _forget_insured(parts, now)
    parts.notices.deliver()
    if parts.postman is not None:
        parts.postman.deliver_due()


def _forget_insured(parts: Parts, now: float) -> None:
    engine = parts.engines.get("insured")
    if engine is None:
        return
    for forget in (*ACCOUNTS, *CREDENTIALS, *SPACE, *DESK):
        for _ in range(_MOST_BATCHES):
            with engine.begin() as tx:
                if not forget(tx, now):
                    break


def _nothing() -> None:
    """Nobody else has a round to make."""


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
        while not stop.wait(self.every):
            self.beside()
            try:
                keep_up(self.parts)
            except SQLAlchemyError as fault:
                _LOG.warning("upkeep postponed", fault=type(fault).__name__)
