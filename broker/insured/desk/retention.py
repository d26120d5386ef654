"""What is forgotten of the desk, in bounded batches: consultations after a year, ended sessions."""

from collections.abc import Callable

from sqlalchemy import Connection, delete, select

from broker.insured.desk.sessions import LONGEST_SECONDS
from broker.insured.desk.tables import ACT, CONSULTATION, POST_CODE, STAFF_SESSION
from broker.insured.periods import YEAR

BATCH = 500
KEPT_SECONDS = YEAR
"""Consultations are kept twelve months, as the portal's own traces."""


def purge_consultations(tx: Connection, now: float) -> int:
    """Forget consultations of more than a year with their acts; the journal keeps its own."""
    old = select(CONSULTATION.c.id).where(CONSULTATION.c.opened_at < now - KEPT_SECONDS)
    numbers = tx.execute(old.limit(BATCH)).scalars().all()
    tx.execute(delete(ACT).where(ACT.c.consultation_id.in_(numbers)))
    return tx.execute(delete(CONSULTATION).where(CONSULTATION.c.id.in_(numbers))).rowcount


def purge_codes(tx: Connection, now: float) -> int:
    """Forget codes posted more than a year ago."""
    old = select(POST_CODE.c.id).where(POST_CODE.c.posted_at < now - KEPT_SECONDS).limit(BATCH)
    return tx.execute(delete(POST_CODE).where(POST_CODE.c.id.in_(old))).rowcount


def purge_sessions(tx: Connection, now: float) -> int:
    """Forget sessions that cannot be used any more."""
    old = select(STAFF_SESSION.c.token_hash).where(
        STAFF_SESSION.c.opened_at < now - LONGEST_SECONDS
    )
    ended = old.limit(BATCH)
    return tx.execute(delete(STAFF_SESSION).where(STAFF_SESSION.c.token_hash.in_(ended))).rowcount


PURGES: tuple[Callable[[Connection, float], int], ...] = (
    purge_consultations,
    purge_codes,
    purge_sessions,
)
"""Each forgets at most BATCH rows at `now` (Unix seconds) and returns how many there were."""
