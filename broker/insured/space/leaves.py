"""Sick leaves of a person with their daily benefits (S15, S154)."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from broker.insured.space.benefits import WAITING_DAYS, daily_benefit, instalments
from broker.insured.space.days import years_after
from broker.insured.space.tables import LEAVE

_YEARS = 3
_L = LEAVE.c
_LEAVES = (
    select(LEAVE)
    .where(_L.person_id == bindparam("person"), _L.until_on >= bindparam("since"))
    .order_by(_L.from_on.desc())
)


def leaves(connection: Connection, person_id: int, today: date) -> list[dict[str, Any]]:
    """The leaves of the last three years, the latest first."""
    keys = {"person": person_id, "since": years_after(today, -_YEARS)}
    return [_shown(row, today) for row in connection.execute(_LEAVES, keys)]


def _shown(row: Row[*tuple[Any, ...]], today: date) -> dict[str, Any]:
    parts = instalments(row.from_on, row.until_on, row.wages)
    paid = [one for one in parts if one.paid_on <= today]
    waiting_until = min(row.until_on, row.from_on + timedelta(days=WAITING_DAYS - 1))
    return {
        "reference": row.reference,
        "from_on": row.from_on.isoformat(),
        "until_on": row.until_on.isoformat(),
        "received_on": row.received_on.isoformat(),
        "days": (row.until_on - row.from_on).days + 1,
        "waiting_until": waiting_until.isoformat(),
        "ongoing": row.from_on <= today <= row.until_on,
        "daily": daily_benefit(row.wages),
        "paid": sum(one.amount for one in paid),
        "expected": sum(one.amount for one in parts),
        "instalments": [
            {
                "from_on": one.from_on.isoformat(),
                "until_on": one.until_on.isoformat(),
                "days": one.days,
                "amount": one.amount,
                "paid_on": one.paid_on.isoformat(),
                "paid": one.paid_on <= today,
            }
            for one in parts
        ],
    }
