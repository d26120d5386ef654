"""
Limits: how often something may be done, in any stretch of time, whichever node is asked.

Who is limited is a keyed fingerprint; the row of a limit is held while it is counted, so that two
nodes never both take the last turn.
"""

import json
import math
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select, update

from broker.database import upsert
from broker.errors import BackChannelLimitError
from broker.insured.accounts.protected import Sealing
from broker.insured.credentials.rules import Limit
from broker.insured.credentials.tables import LIMIT

_KEY = LIMIT.c.key == bindparam("wanted")
_HELD = select(LIMIT.c.times).where(_KEY).with_for_update()
_READ = select(LIMIT.c.times).where(_KEY)
_WRITE = (
    update(LIMIT).where(_KEY).values(times=bindparam("new_times"), ends_at=bindparam("new_end"))
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
        _take(tx, _key(sealing, limit, subject), limit, now)


def check(connection: Connection, sealing: Sealing, limited: tuple[Limit, str], now: float) -> None:
    """BackChannelLimitError when a limit is used up; counts nothing."""
    limit, subject = limited
    keys = {"wanted": _key(sealing, limit, subject)}
    text = connection.execute(_READ, keys).scalar_one_or_none()
    _refuse_beyond(_recent(text, limit, now), limit, now)


def _take(tx: Connection, key: str, limit: Limit, now: float) -> None:
    end = now + limit.seconds
    upsert(tx, LIMIT, {"key": key, "times": "[]", "ends_at": end})
    times = _recent(tx.execute(_HELD, {"wanted": key}).scalar_one_or_none(), limit, now)
    _refuse_beyond(times, limit, now)
    kept = json.dumps([*times, now])
    tx.execute(_WRITE, {"wanted": key, "new_times": kept, "new_end": end})


def _recent(text: str | None, limit: Limit, now: float) -> list[float]:
    times = json.loads(text) if text else []
    return [at for at in times if at > now - limit.seconds]


def _refuse_beyond(times: list[float], limit: Limit, now: float) -> None:
    if len(times) >= limit.most:
        wait = math.ceil(times[-limit.most] + limit.seconds - now)
        raise BackChannelLimitError(retry_after=max(1, wait), log={"limit": limit.name})


def _key(sealing: Sealing, limit: Limit, subject: str) -> str:
    return sealing.mac(subject, f"limit:{limit.name}")
