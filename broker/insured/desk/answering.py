"""The secure messages of the personal space, answered by an advisor."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from broker.errors import ConsultationUnknownError, DeskConflictError, DeskFieldError
from broker.insured.desk.ground import Ground
from broker.insured.schema import ACCOUNT, STANDING
from broker.insured.space.messages import LONGEST, answer, waiting
from broker.insured.space.place import Space
from broker.insured.space.sealed import MESSAGE as PURPOSE
from broker.insured.space.sealed import opened
from broker.insured.space.tables import MESSAGE

_M = MESSAGE.c
_WAITING_OF = (
    select(_M.id, _M.topic, _M.sealed, _M.sent_at, _M.due_on)
    .where(_M.account_id.in_(bindparam("accounts", expanding=True)), _M.answered_at.is_(None))
    .order_by(_M.due_on, _M.id)
)
_PERSON = (
    select(_M.person_id)
    .join(ACCOUNT, ACCOUNT.c.id == _M.account_id)
    .where(_M.id == bindparam("wanted"), _M.answered_at.is_(None), text(STANDING))
)


def list_waiting(connection: Connection, space: Space) -> list[dict[str, Any]]:
    """What waits for an answer, the most urgent first: subject and dates, without texts."""
    return [
        {"number": one.number, "topic": one.topic, "sent_at": one.sent_at, "due_on": one.due_on}
        for one in waiting(connection, space)
    ]


def person_of(connection: Connection, number: int) -> int:
    """Who wrote a message that waits; ConsultationUnknownError."""
    person: int | None = connection.execute(_PERSON, {"wanted": number}).scalar_one_or_none()
    if person is None:
        raise ConsultationUnknownError
    return person


def waiting_of(
    connection: Connection, ground: Ground, accounts: Sequence[int]
) -> list[dict[str, Any]]:
    """The messages of these accounts that wait, with their texts: they belong to the file."""
    return [
        {
            "number": row.id,
            "topic": row.topic,
            "sent_at": row.sent_at,
            "due_on": row.due_on.isoformat(),
            "text": opened(ground.sealing, row.sealed, PURPOSE),
        }
        for row in connection.execute(_WAITING_OF, {"accounts": accounts})
    ]


def answer_message(tx: Connection, space: Space, number: int, text: str, by: str) -> None:
    """Answer a message that waits; DeskConflictError when a colleague was faster."""
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise DeskFieldError(f"1 to {LONGEST} characters", parameter="text")
    if not answer(tx, space, number, said, by):
        raise DeskConflictError(detail="this message was answered already")
