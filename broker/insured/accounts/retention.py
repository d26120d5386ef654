"""
What is forgotten, in bounded batches: cases once treated or old, links nobody used for long.

An account whose last link goes may be linked again, as a classic one.
"""

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, delete, exists, or_, select, update

from broker.insured.periods import MONTH
from broker.insured.schema import ACCOUNT, CASE, LINK

BATCH = 500
LINK_SECONDS = 36 * MONTH
"""A link lives 36 months after its last use."""

CASE_SECONDS = 6 * MONTH
"""A case is of use for six months."""

_OLD_CASES = (
    select(CASE.c.number)
    .where(or_(CASE.c.opened_at < bindparam("before"), CASE.c.closed_at < bindparam("before")))
    .limit(BATCH)
)
_OLD_LINKS = (
    select(LINK.c.id, LINK.c.account_id).where(LINK.c.used_at < bindparam("before")).limit(BATCH)
)
_LINKED = exists().where(LINK.c.account_id == ACCOUNT.c.id)


def purge_cases(tx: Connection, before: float) -> int:
    """Forget cases opened before this moment (Unix seconds); how many, BATCH at most."""
    numbers = tx.execute(_OLD_CASES, {"before": before}).scalars().all()
    return tx.execute(delete(CASE).where(CASE.c.number.in_(numbers))).rowcount


def purge_links(tx: Connection, before: float) -> int:
    """Forget links unused since this moment (Unix seconds); how many, BATCH at most."""
    rows = tx.execute(_OLD_LINKS, {"before": before}).all()
    gone = tx.execute(
        # Used again since it was read: it stays.
        delete(LINK).where(LINK.c.id.in_([row.id for row in rows]), LINK.c.used_at < before)
    ).rowcount
    free = update(ACCOUNT).where(ACCOUNT.c.id.in_([row.account_id for row in rows]), ~_LINKED)
    tx.execute(free.values(linked_at=None))
    return gone


def _old_cases(tx: Connection, now: float) -> int:
    return purge_cases(tx, now - CASE_SECONDS)


def _old_links(tx: Connection, now: float) -> int:
    return purge_links(tx, now - LINK_SECONDS)


PURGES: tuple[Callable[[Connection, float], int], ...] = (_old_cases, _old_links)
"""Each forgets at most BATCH rows at `now` (Unix seconds) and returns how many there were."""
