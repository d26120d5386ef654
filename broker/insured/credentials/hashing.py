"""
Passwords hashed with argon2id (RFC 9106), a bounded number at once.

Hashing is slow on purpose. Beyond what runs and a few that wait, a node refuses at once, and what
runs gives way to every other thread, so that a burst of passwords leaves threads and processors to
everybody else's logins.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import BoundedSemaphore, get_native_id
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from broker.errors import PasswordsBusyError
from broker.settings.insured import PasswordSettings

_RETRY_AFTER = 2
_NICER = 10
_NOBODYS = "$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${rest}"


class Argon(Protocol):
    """What `argon2.PasswordHasher` offers of use here."""

    def hash(self, password: bytes) -> str:
        """A new PHC string."""

    def verify(self, hash: str, password: bytes) -> bool:  # noqa: A002 - argon2's own name
        """True, or Argon2Error or InvalidHashError."""

    def check_needs_rehash(self, hash: str) -> bool:  # noqa: A002 - argon2's own name
        """Whether its costs are not those of today."""


class _GivingWay:
    """Argon2 in threads of its own, which run when others leave a processor free."""

    def __init__(self, argon: PasswordHasher, threads: int) -> None:
        self._argon = argon
        self._threads = ThreadPoolExecutor(threads, "passwords", _give_way)
        self.check_needs_rehash = argon.check_needs_rehash

    def hash(self, password: bytes) -> str:
        """As `Argon.hash`."""
        return self._threads.submit(self._argon.hash, password).result()

    def verify(self, hash: str, password: bytes) -> bool:  # noqa: A002 - argon2's own name
        """As `Argon.verify`."""
        return self._threads.submit(self._argon.verify, hash, password).result()


def _give_way() -> None:
    # On Linux each thread has a niceness of its own (setpriority(2), BUGS); elsewhere the number
    # of a thread may be that of another process.
    if sys.platform == "linux":
        with suppress(OSError):
            own = get_native_id()
            nicer = os.getpriority(os.PRIO_PROCESS, own) + _NICER
            os.setpriority(os.PRIO_PROCESS, own, nicer)


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to hash, for as long as it is held."""

    argon: Argon
    nobodys: str

    def hash(self, text: str) -> str:
        """What is kept of a text, as a PHC string."""
        return self.argon.hash(_bytes(text))

    def verify(self, kept: str | None, text: str) -> bool:
        """Whether `kept` is of this text; as long when there is nothing to compare with."""
        try:
            return self.argon.verify(kept or self.nobodys, _bytes(text)) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False

    def renewed(self, kept: str, text: str) -> str | None:
        """The same text hashed with the costs of today, when they have changed."""
        return self.hash(text) if self.argon.check_needs_rehash(kept) else None


class PasswordHashing:
    """The hashing of one node."""

    def __init__(self, settings: PasswordSettings) -> None:
        self._settings = settings
        costs = settings.passes, settings.memory_kib, settings.lanes
        nobodys = _NOBODYS.format(
            memory=settings.memory_kib,
            passes=settings.passes,
            lanes=settings.lanes,
            salt="A" * 22,
            rest="A" * 43,
        )
        self._turn = Turn(_GivingWay(PasswordHasher(*costs), settings.at_once), nobodys)
        self._running = BoundedSemaphore(settings.at_once)
        self._admitted = BoundedSemaphore(settings.at_once + settings.waiting)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait shortly for a turn; PasswordsBusyError when too many wait, or for too long."""
        if not self._admitted.acquire(blocking=False):
            raise PasswordsBusyError(retry_after=_RETRY_AFTER)
        try:
            if not self._running.acquire(timeout=self._settings.wait_seconds):
                raise PasswordsBusyError(retry_after=_RETRY_AFTER)
            try:
                yield self._turn
            finally:
                self._running.release()
        finally:
            self._admitted.release()

    def hash(self, text: str) -> str:
        """The same as `Turn.hash`, in a turn of its own."""
        with self.turn() as turn:
            return turn.hash(text)

    def verify(self, kept: str | None, text: str) -> bool:
        """The same as `Turn.verify`, in a turn of its own."""
        with self.turn() as turn:
            return turn.verify(kept, text)


def _bytes(text: str) -> bytes:
    # Half a character equals nothing, and is no reason to fail.
    return text.encode("utf-8", "surrogatepass")
