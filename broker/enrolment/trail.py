"""The traces of what is done behind the back channel."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from broker.audit.events import Event
from broker.audit.journal import Journal


@dataclass(frozen=True, slots=True)
class JournalTrail:
    """
    Writes events to the journal, each in a transaction of its own.

    The journal is in another database: called before a deed is committed, it may tell of one deed
    too many but never of one too few.
    """

    engine: Engine
    journal: Journal

    def __call__(self, event: Event, **facts: Any) -> None:
        """Kept when this returns; facts that are None are left out."""
        known = {name: value for name, value in facts.items() if value is not None}
        with self.engine.begin() as tx:
            self.journal.write(tx, event, **known)
