"""What every part of the desk stands on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine

from broker.audit.events import Event
from broker.insured.accounts.protected import Sealing
from broker.insured.credentials.hashing import PasswordHashing


class Trail(Protocol):
    """
    Writes an event of the desk to the journal, and returns once it is kept.

    The journal is in another database: it is written before the fact is committed, so that it may
    tell of one act too many and never of one too few.
    """

    def __call__(self, event: Event, **facts: Any) -> None:
        """Facts are short codes and the numbers of staff, records and consultations."""


@dataclass(frozen=True, slots=True)
class Ground:
    """
    The insured database, what seals it, the outside world, and where traces go.

    `clock` gives Unix seconds, `random` so many unguessable bytes.
    """

    engine: Engine
    sealing: Sealing
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    hashing: PasswordHashing
    trail: Trail
