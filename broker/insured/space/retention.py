"""
What is forgotten of the personal space, in bounded batches: sign-ins after twelve months, answers
to request keys after a day, codes that ended, payments that no page shows any more, certificates a
year after their last day.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, select

from broker.insured.periods import DAY, MONTH, YEAR
from broker.insured.space.days import paris_day
from broker.insured.space.requests import KEPT_SECONDS as KEY_SECONDS
from broker.insured.space.requests import purge_requests
from broker.insured.space.tables import CERTIFICATE, EMAIL_CHANGE, PAYMENT
from broker.insured.space.visits import KEPT_SECONDS as VISIT_SECONDS
from broker.insured.space.visits import purge_visits

BATCH = 500

PAYMENT_KEPT = timedelta(seconds=27 * MONTH)
"""Payments are shown for twelve months; a claim about one may be made for two years."""

CERTIFICATE_KEPT = timedelta(seconds=YEAR)
"""After its last day, a certificate still reads as genuine but no longer valid."""


def forget_visits(tx: Connection, now: float) -> int:
    """Sign-ins older than twelve months."""
    return purge_visits(tx, now - VISIT_SECONDS)


def forget_requests(tx: Connection, now: float) -> int:
    """Request keys older than a day."""
    return purge_requests(tx, now - KEY_SECONDS)


def forget_email_changes(tx: Connection, now: float) -> int:
    """Codes a day old."""
    old = EMAIL_CHANGE.c.asked_at < now - DAY
    return _purge(tx, EMAIL_CHANGE, EMAIL_CHANGE.c.id, old)


def forget_payments(tx: Connection, now: float) -> int:
    """Payments that no page shows and no claim concerns."""
    old = PAYMENT.c.paid_on < paris_day(now) - PAYMENT_KEPT
    return _purge(tx, PAYMENT, PAYMENT.c.id, old)


def forget_certificates(tx: Connection, now: float) -> int:
    """Certificates whose paper is worth nothing any more."""
    old = CERTIFICATE.c.valid_until < paris_day(now) - CERTIFICATE_KEPT
    return _purge(tx, CERTIFICATE, CERTIFICATE.c.code, old)


PURGES: tuple[Callable[[Connection, float], int], ...] = (
    forget_visits,
    forget_requests,
    forget_email_changes,
    forget_payments,
    forget_certificates,
)
"""Each forgets at most BATCH rows at `now` (Unix seconds) and returns how many there were."""


def _purge(tx: Connection, table: Table, key: Column[Any], old: Any) -> int:
    gone = select(key).where(old).limit(BATCH)
    return int(tx.execute(delete(table).where(key.in_(gone))).rowcount)
