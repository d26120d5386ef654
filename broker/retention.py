"""
Retention: identification traces 36 months; links and pairwise subjects 36 months after the last
login of the person. The chain of the journal stays verifiable: it begins at the oldest row kept.
"""

from sqlalchemy import Engine, delete, select

from broker.audit.events import Event
from broker.audit.journal import JOURNAL, Journal
from broker.consent.ledger import CONSENT
from broker.subjects.pairwise import SUBJECT
from broker.subjects.persons import PERSON, PERSON_KEY, UPSTREAM

_MONTH = 30.44 * 86_400
TRACES = 36 * _MONTH
PERSONS = 36 * _MONTH
_BATCH = 500


def purge(engine: Engine, now: float, journal: Journal) -> dict[str, int]:
    """Forget what is older than the rules keep, in batches; returns how many of each."""
    counts = {"traces": 0, "persons": 0}
    while done := _persons(engine, now - PERSONS):
        counts["persons"] += done
    while done := _traces(engine, now - TRACES):
        counts["traces"] += done
    with engine.begin() as tx:
        journal.write(tx, Event.PURGED, **counts)
    return counts


def _persons(engine: Engine, before: float) -> int:
    gone = select(PERSON.c.id).where(PERSON.c.seen_at < before).limit(_BATCH)
    with engine.begin() as tx:
        ids = list(tx.execute(gone).scalars())
        for table in (SUBJECT, UPSTREAM, PERSON_KEY, CONSENT):
            tx.execute(delete(table).where(table.c.person.in_(ids)))
        tx.execute(delete(PERSON).where(PERSON.c.id.in_(ids)))
    return len(ids)


def _traces(engine: Engine, before: float) -> int:
    """Only what stands before the first row to keep, whatever its date: the rest follows on."""
    place = JOURNAL.c.position
    kept = select(place).where(JOURNAL.c.at >= before, place.is_not(None)).order_by(place).limit(1)
    with engine.begin() as tx:
        first = tx.execute(kept).scalar()
        chained = place.is_not(None) if first is None else place < first
        old = place.in_(select(place).where(chained).order_by(place).limit(_BATCH))
        return int(tx.execute(delete(JOURNAL).where(old)).rowcount)
