"""
The outbox: mails and texts written with the fact they tell, sent afterwards.

A message is stored in the transaction of its fact, so neither exists without the other, and is
sent at least once: whoever delivers claims it first by pushing its due time, and a node that dies
while sending leaves it to the next. Who receives it is sealed until then.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection, Engine, Integer, Row, bindparam, delete, insert, select, update

from broker.database import reading
from broker.insured.accounts.protected import Sealing
from broker.insured.contact import Recipient
from broker.insured.letters import Imprint, Letter, shortened, written
from broker.insured.schema import OUTBOX

LEASE_SECONDS = 120
FIRST_RETRY_SECONDS = 30
LONGEST_RETRY_SECONDS = 6 * 3600
MOST_ATTEMPTS = 40
BATCH = 50

_log = structlog.get_logger(__name__)
_PURPOSE = "outbox"
_NO_IMPRINT = Imprint()
_NOBODY = Recipient("mail", "")
_O = OUTBOX.c
_INSERT = insert(OUTBOX)
_WRITTEN = (_O.channel, _O.message, _O.sealed, _O.created_at, _O.due_at, _O.attempts)
_INSERT_IF = _INSERT.from_select(
    [column.name for column in _WRITTEN],
    select(*(bindparam(column.name, type_=column.type) for column in _WRITTEN)).where(
        bindparam("wanted", type_=Integer()) == 1
    ),
)
_DUE = (
    select(_O.id, _O.channel, _O.message, _O.sealed, _O.due_at, _O.attempts)
    .where(_O.due_at <= bindparam("now"), _O.attempts < MOST_ATTEMPTS)
    .order_by(_O.due_at, _O.id)
    .limit(BATCH)
)
_CLAIM = (
    update(OUTBOX)
    .where(_O.id == bindparam("wanted"), _O.due_at == bindparam("seen"))
    .values(due_at=bindparam("until"), attempts=_O.attempts + 1)
)
_PUT_OFF = update(OUTBOX).where(_O.id == bindparam("wanted")).values(due_at=bindparam("until"))
_SENT = delete(OUTBOX).where(_O.id == bindparam("wanted"))
_EVERY = select(_O.id, _O.channel, _O.message, _O.created_at, _O.due_at, _O.attempts)
_AGAIN = update(OUTBOX).values(due_at=bindparam("now"), attempts=0)


class Mailer(Protocol):
    """Whoever carries messages out; any exception means: not sent, try again."""

    def mail(self, to: str, subject: str, body: str, html: str) -> None:
        """Send a mail in its two forms, plain and formatted."""

    def sms(self, to: str, body: str) -> None:
        """Send a text message."""


def enqueue(
    tx: Connection, sealing: Sealing, recipient: Recipient, letter: Letter, now: float
) -> None:
    """Store a message to be sent, in the transaction of the fact it tells."""
    tx.execute(_INSERT, _row(sealing, recipient, letter, now))


def offer(
    tx: Connection, sealing: Sealing, recipient: Recipient | None, letter: Letter, now: float
) -> None:
    """The same when there is a recipient; without one as much work, and nothing is stored."""
    row = _row(sealing, recipient or _NOBODY, letter, now)
    tx.execute(_INSERT_IF, {**row, "wanted": int(recipient is not None)})


def _row(sealing: Sealing, recipient: Recipient, letter: Letter, now: float) -> dict[str, Any]:
    content = json.dumps({"to": recipient.to, "values": dict(letter.values)}).encode()
    return {
        "channel": recipient.channel,
        "message": letter.name,
        "sealed": sealing.seal(content, _PURPOSE),
        "created_at": now,
        "due_at": now,
        "attempts": 0,
    }


@dataclass(frozen=True, slots=True)
class Postman:
    """Delivers what is due; any number of them may work on one database."""

    engine: Engine
    mailer: Mailer
    sealing: Sealing
    clock: Callable[[], float]
    imprint: Imprint = _NO_IMPRINT

    def deliver_due(self) -> int:
        """Send what is due, up to BATCH messages, and return how many were sent."""
        with reading(self.engine) as connection:
            due = connection.execute(_DUE, {"now": self.clock()}).all()
        return sum(self._deliver(row) for row in due)

    def _deliver(self, row: Row[*tuple[Any, ...]]) -> bool:
        if not self._claim(row):
            return False
        try:
            self._send(row)
        except Exception as fault:  # noqa: BLE001 - whatever the carrier raises means not sent
            _log.warning("message not sent", message=row.message, fault=type(fault).__name__)
            self._put_off(row)
            return False
        with self.engine.begin() as tx:
            tx.execute(_SENT, {"wanted": row.id})
        return True

    def _claim(self, row: Row[*tuple[Any, ...]]) -> bool:
        until = self.clock() + LEASE_SECONDS
        with self.engine.begin() as tx:
            claimed = tx.execute(_CLAIM, {"wanted": row.id, "seen": row.due_at, "until": until})
            return bool(claimed.rowcount)

    def _send(self, row: Row[*tuple[Any, ...]]) -> None:
        content = json.loads(self.sealing.open(row.sealed, _PURPOSE))
        letter = Letter(row.message, content["values"])
        if row.channel == "sms":
            self.mailer.sms(content["to"], shortened(letter))
        else:
            mail = written(letter, self.imprint)
            self.mailer.mail(content["to"], mail.subject, mail.text, mail.html)

    def _put_off(self, row: Row[*tuple[Any, ...]]) -> None:
        until = self.clock() + retry_after(row.attempts)
        with self.engine.begin() as tx:
            tx.execute(_PUT_OFF, {"wanted": row.id, "until": until})


def retry_after(attempts: int) -> float:
    """Seconds to wait after so many failures before this one: doubling, six hours at most."""
    return float(min(FIRST_RETRY_SECONDS * 2 ** min(attempts, 16), LONGEST_RETRY_SECONDS))


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    A message that was not sent yet, without who receives it or what it says; Unix seconds.

    `due_at` is its next try, None when it was given up.
    """

    id: int
    channel: str
    message: str
    created_at: float
    due_at: float | None
    attempts: int


def waiting(connection: Connection) -> list[Waiting]:
    """What is in the outbox, oldest first."""
    rows = connection.execute(_EVERY.order_by(_O.id)).all()
    return [_told(row) for row in rows]


def try_again(tx: Connection, now: float, ids: Collection[int] | None = None) -> int:
    """Make messages due now with all their tries before them, every one without `ids`; how many."""
    chosen = _AGAIN if ids is None else _AGAIN.where(_O.id.in_(ids))
    return tx.execute(chosen, {"now": now}).rowcount


def _told(row: Row[*tuple[Any, ...]]) -> Waiting:
    due = None if row.attempts >= MOST_ATTEMPTS else row.due_at
    return Waiting(row.id, row.channel, row.message, row.created_at, due, row.attempts)
