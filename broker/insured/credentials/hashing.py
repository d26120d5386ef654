"""
Passwords hashed with argon2id (RFC 9106), a bounded number at once.

Hashing is slow on purpose. Beyond what runs and a few that wait, a node refuses at once, so that
a burst of passwords leaves its processors to everybody else's logins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from broker.errors import PasswordsBusyError
from broker.insured_settings import PasswordSettings

_RETRY_AFTER = 2
_NOBODYS = "$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${rest}"


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to hash, for as long as it is held."""

    argon: PasswordHasher
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
        self._turn = Turn(PasswordHasher(*costs), nobodys)
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
