"""
Secure messages between a person and their fund (S167-S169): one question, one answer.

The answer is promised within three to five working days. An advisor finds what waits by
`waiting`, the most urgent first, and answers once. With its account a message ends: nobody could
read the answer.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, text, update

from broker.errors import MessageNotFoundError
from broker.insured.credentials.limits import take
from broker.insured.credentials.rules import Limit
from broker.insured.periods import DAY
from broker.insured.schema import ACCOUNT, STANDING
from broker.insured.space.alerts import tell
from broker.insured.space.days import moment, paris_day
from broker.insured.space.place import Space, Tenant
from broker.insured.space.sealed import ANSWER, opened, seal
from broker.insured.space.sealed import MESSAGE as PURPOSE
from broker.insured.space.tables import MESSAGE
from broker.working_days import after_working_days

TOPICS = ("reimbursement", "rights", "leave", "document", "other")
FIRST_DAYS, LAST_DAYS = 3, 5
"""Working days between which the answer comes."""

DAILY = Limit("space:message", 10, DAY)
LONGEST = 4000
"""Characters of a message or an answer."""

_SHOWN = 50
_M = MESSAGE.c
_OWN = (
    select(MESSAGE)
    .where(_M.account_id == bindparam("account"))
    .order_by(_M.sent_at.desc(), _M.id.desc())
    .limit(_SHOWN)
)
_ONE = select(MESSAGE).where(_M.account_id == bindparam("account"), _M.id == bindparam("number"))
_UNREAD = select(func.count()).where(
    _M.account_id == bindparam("account"), _M.answered_at.is_not(None), _M.read_at.is_(None)
)
_INSERT = insert(MESSAGE).returning(_M.id)
_READ = (
    update(MESSAGE)
    .where(_M.id == bindparam("wanted"), _M.answered_at.is_not(None), _M.read_at.is_(None))
    .values(read_at=bindparam("now"))
)
_WAITING = (
    select(MESSAGE)
    .join(ACCOUNT, ACCOUNT.c.id == _M.account_id)
    .where(_M.answered_at.is_(None), text(STANDING))
    .order_by(_M.due_on, _M.id)
    .limit(bindparam("most"))
)
_ANSWER = (
    update(MESSAGE)
    .where(_M.id == bindparam("wanted"), _M.answered_at.is_(None))
    .values(
        answer_sealed=bindparam("answer"), answered_at=bindparam("now"), answered_by=bindparam("by")
    )
    .returning(_M.account_id)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that nobody answered yet, as an advisor reads it; `due_on` ISO 8601."""

    number: int
    person_id: int
    topic: str
    text: str
    sent_at: float
    due_on: str


def messages(connection: Connection, tenant: Tenant) -> list[dict[str, Any]]:
    """The last messages of an account, the latest first, without their texts."""
    rows = connection.execute(_OWN, {"account": tenant.account_id})
    return [_shown(row) for row in rows]


def unread(connection: Connection, account_id: int) -> int:
    """How many answers nobody opened."""
    return int(connection.execute(_UNREAD, {"account": account_id}).scalar_one())


def message(space: Space, tenant: Tenant, number: int) -> dict[str, Any]:
    """One message with its texts; its answer counts as read. MessageNotFoundError."""
    keys = {"account": tenant.account_id, "number": number}
    with space.engine.begin() as tx:
        row = tx.execute(_ONE, keys).one_or_none()
        if row is None:
            raise MessageNotFoundError
        tx.execute(_READ, {"wanted": number, "now": space.clock()})
    answer = row.answer_sealed and opened(space.sealing, row.answer_sealed, ANSWER)
    return {**_shown(row), "text": opened(space.sealing, row.sealed, PURPOSE), "answer": answer}


def send(tx: Connection, space: Space, tenant: Tenant, topic: str, text: str) -> dict[str, Any]:
    """Write to the fund; BackChannelLimitError beyond DAILY."""
    now, today = space.clock(), space.today
    take(tx, space.sealing, ((DAILY, str(tenant.account_id)),), now)
    row = {
        "person_id": tenant.person_id,
        "account_id": tenant.account_id,
        "topic": topic,
        "sealed": seal(space.sealing, text, PURPOSE),
        "sent_at": now,
        "due_on": after_working_days(today, LAST_DAYS),
    }
    return {"number": tx.execute(_INSERT, row).scalar_one()}


def waiting(connection: Connection, space: Space, most: int = 50) -> list[Waiting]:
    """What waits for an answer, the most urgent first."""
    rows = connection.execute(_WAITING, {"most": most})
    return [
        Waiting(
            row.id,
            row.person_id,
            row.topic,
            opened(space.sealing, row.sealed, PURPOSE),
            row.sent_at,
            row.due_on.isoformat(),
        )
        for row in rows
    ]


def answer(tx: Connection, space: Space, number: int, text: str, by: str) -> bool:
    """Answer a message, once, and tell the person by mail; False when it was answered already."""
    values = {
        "wanted": number,
        "answer": seal(space.sealing, text, ANSWER),
        "now": space.clock(),
        "by": by,
    }
    account_id = tx.execute(_ANSWER, values).scalar_one_or_none()
    if account_id is None:
        return False
    tell(tx, space, account_id, "message_answered")
    return True


def _shown(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    first = after_working_days(paris_day(row.sent_at), FIRST_DAYS)
    return {
        "number": row.id,
        "topic": row.topic,
        "sent_at": moment(row.sent_at),
        "answer_from": first.isoformat(),
        "answer_until": row.due_on.isoformat(),
        "answered_at": row.answered_at and moment(row.answered_at),
        "read": row.read_at is not None,
    }
