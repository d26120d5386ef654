"""
What is forgotten of the classic way, in bounded batches: links and codes that ended, creations
nobody confirmed, counters that count nothing any more, answers older than a day.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    literal_column,
    or_,
    select,
    update,
)

from broker.insured.credentials.lockout import MOST_TRIES
from broker.insured.credentials.tables import ANSWERED, LIMIT, LOCKOUT
from broker.insured.periods import DAY, MONTH
from broker.insured.schema import ACCOUNT, CREDENTIAL, PROOF

BATCH = 500
ENDED_PROOFS_SECONDS = 7 * DAY
"""An expired link still tells for a week that it expired."""

UNCONFIRMED_SECONDS = 30 * DAY
"""A creation whose password was chosen waits so long for its first sign-in."""

_TRIES_SECONDS = 30 * DAY
_LOCKS_SECONDS = 36 * MONTH
_A = ACCOUNT.c
_WAITED_FOR = exists().where(
    PROOF.c.account_id == _A.id, PROOF.c.kind == "activation", PROOF.c.expires_at > bindparam("now")
)
_CHOSEN = exists().where(
    CREDENTIAL.c.account_id == _A.id, CREDENTIAL.c.set_at > bindparam("chosen_since")
)
# Written out, for a partial index is of no use to a value that comes later.
_PENDING = _A.status == literal_column("'pending'")
_ABANDONED = select(_A.id).where(_PENDING, ~_WAITED_FOR, ~_CHOSEN).limit(BATCH)
_CLOSE = (
    update(ACCOUNT)
    .where(_A.id == bindparam("wanted"), _PENDING)
    .values(status="closed", ended_at=bindparam("now"))
)
_FORGET_PASSWORD = delete(CREDENTIAL).where(CREDENTIAL.c.account_id == bindparam("wanted"))


def purge_abandoned(tx: Connection, now: float) -> int:
    """Close creations nobody confirmed in time: person, NIR and e-mail are free again."""
    keys = {"now": now, "chosen_since": now - UNCONFIRMED_SECONDS}
    abandoned = tx.execute(_ABANDONED, keys).scalars().all()
    for account_id in abandoned:
        if tx.execute(_CLOSE, {"wanted": account_id, "now": now}).rowcount:
            tx.execute(_FORGET_PASSWORD, {"wanted": account_id})
    return len(abandoned)


def purge_proofs(tx: Connection, now: float) -> int:
    """Forget links and codes a week after their end."""
    return _purge(tx, PROOF, PROOF.c.handle, PROOF.c.expires_at < now - ENDED_PROOFS_SECONDS)


def purge_lockouts(tx: Connection, now: float) -> int:
    """Forget wrong passwords after a month, and locks after the 36 months of a link."""
    counted, tried = LOCKOUT.c.failures, LOCKOUT.c.tried_at
    old = or_(
        and_(counted < MOST_TRIES, tried < now - _TRIES_SECONDS), tried < now - _LOCKS_SECONDS
    )
    return _purge(tx, LOCKOUT, LOCKOUT.c.key, old)


def purge_limits(tx: Connection, now: float) -> int:
    """Forget counters whose stretch of time is over."""
    return _purge(tx, LIMIT, LIMIT.c.key, LIMIT.c.ends_at < now)


def purge_answers(tx: Connection, now: float) -> int:
    """Forget answers after a day."""
    return _purge(tx, ANSWERED, ANSWERED.c.key, ANSWERED.c.expires_at < now)


PURGES: tuple[Callable[[Connection, float], int], ...] = (
    purge_abandoned,
    purge_proofs,
    purge_lockouts,
    purge_limits,
    purge_answers,
)
"""Each forgets at most BATCH rows at `now` (Unix seconds) and returns how many there were."""


def _purge(tx: Connection, table: Table, key: Column[Any], old: Any) -> int:
    gone = select(key).where(old).limit(BATCH)
    return int(tx.execute(delete(table).where(key.in_(gone))).rowcount)
