"""What every step of the classic way stands on, and what each of them gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from broker.audit.events import Event
from broker.insured.accounts.protected import Sealing
from broker.insured.contact import Recipient
from broker.insured.credentials.hashing import PasswordHashing
from broker.insured.credentials.proofs import Proofs
from broker.insured.credentials.rules import Rules
from broker.insured.letters import LETTERS, Letter
from broker.insured.outbox import enqueue
from broker.insured.registry.iban import IbanPrinter

_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Told:
    """What a step did: its JSON `answer`; for the journal, its events and the account concerned."""

    answer: dict[str, Any]
    events: tuple[Event, ...] = ()
    account_id: int | None = None


Deed = Callable[[Connection], Told]
"""
The part of a step that reads and writes in one transaction, whole or not at all.

It may be run again after an IntegrityError or a MovedError: somebody else was faster.
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """The insured database, what seals it, how passwords are hashed, and the outside world."""

    engine: Engine
    sealing: Sealing
    printer: IbanPrinter
    hashing: PasswordHashing
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    rules: Rules

    @property
    def proofs(self) -> Proofs:
        """Links and codes."""
        return Proofs(self.sealing, self.random)

    def today(self) -> date:
        """The day in Paris."""
        return datetime.fromtimestamp(self.clock(), _PARIS).date()

    def letter(self, name: str, language: str, **values: str) -> Letter:
        """A letter with its blanks; one that tells a date tells this moment."""
        values["language"] = language
        if "date" in LETTERS[name]:
            moment = datetime.fromtimestamp(self.clock(), _PARIS)
            values["date"] = moment.isoformat(timespec="seconds")
        return Letter(name, values)

    def send(self, tx: Connection, recipient: Recipient, letter: Letter) -> None:
        """Leave a letter in the outbox, in the transaction of the fact it tells."""
        enqueue(tx, self.sealing, recipient, letter, self.clock())


def refused(reason: str, **more: str) -> dict[str, Any]:
    """The answer that says no, and why."""
    return {"result": "refused", "reason": reason, **more}
