"""
Limits: how often something may be done, in any stretch of time, whichever node is asked.

Who is limited is a keyed fingerprint, under the present secret; what was counted under an older one
still counts. The row of a limit is held while it is counted, so that two nodes never both take the
last turn.
"""

import json
import math
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, exists, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from broker.database import upsert
from broker.errors import BackChannelLimitError
from broker.insured.accounts.protected import Sealing
from broker.insured.credentials.rules import Limit
from broker.insured.credentials.tables import LIMIT

_READ = select(LIMIT.c.key, LIMIT.c.times).where(
    LIMIT.c.key.in_(bindparam("wanted", expanding=True))
)
_HELD = _READ.order_by(LIMIT.c.key).with_for_update()
_WRITE = (
    update(LIMIT)
    .where(LIMIT.c.key == bindparam("present"))
    .values(times=bindparam("new_times"), ends_at=bindparam("new_end"))
)


def take(
    tx: Connection, sealing: Sealing, limited: Iterable[tuple[Limit, str]], now: float
) -> None:
    """
    Count one use of each (limit, whoever uses it); `now` Unix seconds.

    BackChannelLimitError when one is used up; the transaction must then be rolled back, so that
    the others count nothing either.
    """
    for limit, subject in limited:
        _take(tx, _keys(sealing, limit, subject), limit, now)


def check(connection: Connection, sealing: Sealing, limited: tuple[Limit, str], now: float) -> None:
    """BackChannelLimitError when a limit is used up; counts nothing."""
    limit, subject = limited
    rows = connection.execute(_READ, {"wanted": _keys(sealing, limit, subject)}).all()
    _refuse_beyond([at for row in rows for at in _recent(row.times, limit, now)], limit, now)


def once(tx: Connection, sealing: Sealing, limited: tuple[Limit, str], now: float) -> bool:
    """
    Count the one use that a limit of one allows; whether it was free.

    One statement in both cases, so that its time does not tell which.
    """
    limit, subject = limited
    present, *older = _keys(sealing, limit, subject)
    row = {"present": present, "older": older, "new_end": now + limit.seconds, "now": now}
    return tx.execute(_once(tx.dialect.name), row).one_or_none() is not None


@cache
def _once(dialect: str) -> Any:
    used = LIMIT.alias()
    older = used.c.key.in_(bindparam("older", expanding=True)) & (used.c.ends_at > bindparam("now"))
    row: Any = select(bindparam("present"), literal("[]"), bindparam("new_end")).where(
        ~exists().where(older)
    )
    make = (sqlite if dialect == "sqlite" else postgresql).insert(LIMIT)
    statement = make.from_select([LIMIT.c.key, LIMIT.c.times, LIMIT.c.ends_at], row)
    renewed = statement.on_conflict_do_update(
        index_elements=[LIMIT.c.key],
        set_={"ends_at": statement.excluded.ends_at},
        where=LIMIT.c.ends_at <= bindparam("now"),
    )
    return renewed.returning(LIMIT.c.key)


def _take(tx: Connection, keys: list[str], limit: Limit, now: float) -> None:
    present, end = keys[0], now + limit.seconds
    upsert(tx, LIMIT, {"key": present, "times": "[]", "ends_at": end})
    rows = tx.execute(_HELD, {"wanted": keys}).all()
    times = {row.key: _recent(row.times, limit, now) for row in rows}
    _refuse_beyond([at for each in times.values() for at in each], limit, now)
    kept = json.dumps([*times.get(present, ()), now])
    tx.execute(_WRITE, {"present": present, "new_times": kept, "new_end": end})


def _recent(text: str, limit: Limit, now: float) -> list[float]:
    return [at for at in json.loads(text) if at > now - limit.seconds]


def _refuse_beyond(times: list[float], limit: Limit, now: float) -> None:
    if len(times) >= limit.most:
        wait = math.ceil(sorted(times)[-limit.most] + limit.seconds - now)
        raise BackChannelLimitError(retry_after=max(1, wait), log={"limit": limit.name})


def _keys(sealing: Sealing, limit: Limit, subject: str) -> list[str]:
    """Where it is counted, and where it was under older secrets."""
    return sealing.macs(subject, f"limit:{limit.name}")
