"""
What the fund paid during the last twelve rolling months (S20), to the holder and for the children.

A person has a few hundred payments a year at most: one look-up reads them, and filters, totals
and months are counted from what was read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from broker.insured.space.days import a_year_before
from broker.insured.space.household import Member, theirs
from broker.insured.space.tables import PAYMENT

PAGE = 100
"""Payments in one answer."""

_P = PAYMENT.c
_SHOWN = (
    _P.person_id,
    _P.reference,
    _P.kind,
    _P.label,
    _P.care_on,
    _P.paid_on,
    _P.spent,
    _P.base,
    _P.rate,
    _P.paid,
    _P.insurer,
    _P.sent_on,
)
_NEWEST = (_P.paid_on.desc(), _P.care_on.desc(), _P.id.desc())


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which payments: paid from `since` to `until`, of one kind, for one member of the household.

    `page` counts from 1. Days outside the twelve months are brought back into them.
    """

    since: date | None = None
    until: date | None = None
    kind: str | None = None
    place: int | None = None
    page: int = 1


def latest(
    connection: Connection, members: list[Member], today: date, count: int
) -> dict[str, Any]:
    """The last payments, and what twelve months add up to."""
    mine = (
        theirs(members, _P.person_id, _P.care_on),
        _P.paid_on >= a_year_before(today),
        _P.paid_on <= today,
    )
    rows = connection.execute(select(*_SHOWN).where(*mine).order_by(*_NEWEST).limit(count)).all()
    sums = select(func.count(), func.coalesce(func.sum(_P.paid), 0)).where(*mine)
    number, total = connection.execute(sums).one()
    shown = _payments(rows, members, today)
    return {"count": number, "total": int(total), "latest": shown}


def payments(
    connection: Connection, members: list[Member], today: date, wanted: Wanted
) -> dict[str, Any]:
    """One page of the payments that are wanted, with the totals of all of them."""
    first = a_year_before(today)
    since, until = _within(first, today, wanted)
    rows = _read(connection, members, first, today)
    places = {one.person_id: one.place for one in members}
    kept = [
        row
        for row in rows
        if since <= row.paid_on <= until
        and wanted.kind in (None, row.kind)
        and wanted.place in (None, places[row.person_id])
    ]
    start = (wanted.page - 1) * PAGE
    return {
        "window": {"since": first.isoformat(), "until": today.isoformat()},
        "since": since.isoformat(),
        "until": until.isoformat(),
        "household": [one.shown() for one in members],
        "count": len(kept),
        "pages": -(-len(kept) // PAGE),
        "spent": sum(row.spent for row in kept),
        "total": sum(row.paid for row in kept),
        "payments": _payments(kept[start : start + PAGE], members, today),
    }


def months(connection: Connection, members: list[Member], today: date) -> dict[str, Any]:
    """The twelve calendar months up to this one: how much was paid in each, newest first."""
    counted: dict[str, dict[str, Any]] = {
        name: {"month": name, "count": 0, "total": 0} for name in _month_names(today)
    }
    for row in _read(connection, members, _first_day(today), today):
        month = counted[row.paid_on.strftime("%Y-%m")]
        month["count"] += 1
        month["total"] += row.paid
    return {"months": list(counted.values())}


def statement(
    connection: Connection, members: list[Member], today: date, month: str
) -> dict[str, Any] | None:
    """The payments of one of those months, oldest first; None for another month."""
    if month not in _month_names(today):
        return None
    first = date.fromisoformat(f"{month}-01")
    rows = _read(connection, members, first, min(today, _last_day(first)))
    return {
        "month": month,
        "household": [one.shown() for one in members],
        "spent": sum(row.spent for row in rows),
        "total": sum(row.paid for row in rows),
        "payments": _payments(reversed(rows), members, today),
    }


def _within(first: date, today: date, wanted: Wanted) -> tuple[date, date]:
    since = max(first, min(wanted.since or first, today))
    until = max(first, min(wanted.until or today, today))
    return min(since, until), max(since, until)


def _read(
    connection: Connection, members: list[Member], since: date, until: date
) -> list[Row[*tuple[Any, ...]]]:
    mine = theirs(members, _P.person_id, _P.care_on)
    statement = select(*_SHOWN).where(mine, _P.paid_on >= since, _P.paid_on <= until)
    return list(connection.execute(statement.order_by(*_NEWEST)))


def _payments(
    rows: Iterable[Row[*tuple[Any, ...]]], members: list[Member], today: date
) -> list[dict[str, Any]]:
    """As the portal may know them; a statement that leaves on a later day is not sent yet."""
    places = {one.person_id: one.place for one in members}
    return [
        {
            "reference": row.reference,
            "place": places[row.person_id],
            "kind": row.kind,
            "label": row.label,
            "care_on": row.care_on.isoformat(),
            "paid_on": row.paid_on.isoformat(),
            "spent": row.spent,
            "base": row.base,
            "rate": row.rate,
            "paid": row.paid,
            "insurer": row.insurer,
            "sent_on": row.sent_on.isoformat() if row.sent_on and row.sent_on <= today else None,
        }
        for row in rows
    ]


def _month_names(today: date) -> list[str]:
    count = today.year * 12 + today.month - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(count, count - 12, -1)]


def _first_day(today: date) -> date:
    return date.fromisoformat(f"{_month_names(today)[-1]}-01")


def _last_day(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
