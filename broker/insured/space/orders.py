"""
Orders of a new carte Vitale, after a loss or a deterioration (S16, S158): one open at a time.

How far an order came is counted in working days: prepared for two days, made until the tenth, then
in the post until the person has it. It may be cancelled while it is prepared.
"""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from broker.errors import OrderOpenError, OrderTooFarError
from broker.insured.space.alerts import warn
from broker.insured.space.days import moment, paris_day, working_days_since
from broker.insured.space.place import Space, Tenant
from broker.insured.space.tables import ORDER
from broker.working_days import after_working_days

REASONS = ("loss", "deterioration")
PREPARED_DAYS, MADE_DAYS, POSTED_DAYS = 2, 10, 14
_SHOWN = 5

_O = ORDER.c
_ORDERS = (
    select(ORDER)
    .where(_O.person_id == bindparam("person"))
    .order_by(_O.ordered_at.desc(), _O.id.desc())
    .limit(_SHOWN)
)
_OPEN = select(ORDER).where(_O.person_id == bindparam("person"), _O.closed_at.is_(None))
_INSERT = insert(ORDER).returning(_O.id)
_CLOSE = (
    update(ORDER)
    .where(_O.id == bindparam("wanted"), _O.closed_at.is_(None))
    .values(outcome=bindparam("how"), closed_at=bindparam("now"))
)


def orders(connection: Connection, person_id: int, today: date) -> list[dict[str, Any]]:
    """The last orders, the latest first."""
    rows = connection.execute(_ORDERS, {"person": person_id})
    return [_shown(row, today) for row in rows]


def open_order(connection: Connection, person_id: int, today: date) -> dict[str, Any] | None:
    """The order under way, if any."""
    row = connection.execute(_OPEN, {"person": person_id}).one_or_none()
    return _shown(row, today) if row else None


def order_card(tx: Connection, space: Space, tenant: Tenant, reason: str) -> dict[str, Any]:
    """Order a card, which the holder is told; OrderOpenError when one is under way already."""
    row = {
        "person_id": tenant.person_id,
        "account_id": tenant.account_id,
        "reason": reason,
        "ordered_at": space.clock(),
    }
    try:
        number = tx.execute(_INSERT, row).scalar_one()
    except IntegrityError as fault:
        raise OrderOpenError from fault
    warn(tx, space, tenant.account_id, "card_ordered")
    return {"order": number}


def close_order(tx: Connection, space: Space, tenant: Tenant, outcome: str) -> dict[str, Any]:
    """
    Note that the card was received, or cancel the order.

    OrderTooFarError when there is nothing to close, or no card to cancel or to receive yet.
    """
    row = tx.execute(_OPEN, {"person": tenant.person_id}).one_or_none()
    if row is None:
        raise OrderTooFarError(detail="no order is open")
    stage = stage_of(row.ordered_at, space.today)
    if outcome == "cancelled" and stage != "prepared":
        raise OrderTooFarError(detail="the card is being made")
    if outcome == "received" and stage == "prepared":
        raise OrderTooFarError(detail="the card is not made yet")
    tx.execute(_CLOSE, {"wanted": row.id, "how": outcome, "now": space.clock()})
    return {"outcome": outcome}


def stage_of(ordered_at: float, today: date) -> str:
    """How far an open order came: prepared, made or posted."""
    passed = working_days_since(paris_day(ordered_at), today)
    if passed <= PREPARED_DAYS:
        return "prepared"
    return "made" if passed <= MADE_DAYS else "posted"


def _shown(row: Row[*tuple[Any, ...]], today: date) -> dict[str, Any]:
    ordered_on = paris_day(row.ordered_at)
    return {
        "reason": row.reason,
        "ordered_at": moment(row.ordered_at),
        "stage": row.outcome or stage_of(row.ordered_at, today),
        "expected_on": after_working_days(ordered_on, POSTED_DAYS).isoformat(),
    }
