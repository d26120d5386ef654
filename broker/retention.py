"""
Retention: everything that is forgotten, how long it is kept, and the one list of it.

Upkeep works through the list in bounded batches, `passerelle purge` to its end. Identification
traces live 36 months; links and pairwise subjects 36 months after the last login of the person.
The chain of the journal stays verifiable: it begins at the oldest row kept.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from sqlalchemy import Connection, delete, select

from broker.audit.events import Event
from broker.audit.journal import JOURNAL
from broker.clients import assertions, failures
from broker.consent.ledger import CONSENT
from broker.insured.accounts.retention import PURGES as ACCOUNTS
from broker.insured.credentials.retention import PURGES as CREDENTIALS
from broker.insured.desk.retention import PURGES as DESK
from broker.insured.periods import DAY, MONTH
from broker.insured.space.retention import PURGES as SPACE
from broker.login import store as attempts
from broker.openid import grants, notices, pushed, service_tokens
from broker.parts import Parts
from broker.sessions import store as sessions
from broker.settings import LONGEST_SESSION_SECONDS
from broker.subjects.pairwise import SUBJECT
from broker.subjects.persons import PERSON, PERSON_KEY, UPSTREAM

TRACES = 36 * MONTH
PERSONS = 36 * MONTH
_BATCH = 500
_VERB = re.compile(r"_old_|purge_|forget_")

Purge = Callable[[Connection, float], int]
"""Forgets one batch at `now` (Unix seconds) and returns how many rows there were."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """
    One kind of row: its name, its database, and what forgets a batch of it.

    A `daily` one is looked for once a day, for it is searched row by row, and told in the journal.
    """

    name: str
    bind: str
    purge: Purge
    daily: bool = False


def forget_persons(tx: Connection, now: float) -> int:
    """Forget who did not log in for 36 months, with their subjects and answers."""
    old = PERSON.c.seen_at < now - PERSONS
    # Whoever is logging in holds their row: they are passed over, and looked at again once it is
    # free.
    found = select(PERSON.c.id).where(old).limit(_BATCH).with_for_update(skip_locked=True)
    ids = list(tx.execute(found).scalars())
    gone = delete(PERSON).where(PERSON.c.id.in_(ids), old).returning(PERSON.c.id)
    ids = list(tx.execute(gone).scalars())
    for table in (SUBJECT, UPSTREAM, PERSON_KEY, CONSENT):
        tx.execute(delete(table).where(table.c.person.in_(ids)))
    return len(ids)


def forget_traces(tx: Connection, now: float) -> int:
    """Only what stands before the first row to keep, whatever its date: the rest follows on."""
    place = JOURNAL.c.position
    young = JOURNAL.c.at >= now - TRACES
    kept = select(place).where(young, place.is_not(None)).order_by(place).limit(1)
    first = tx.execute(kept).scalar()
    chained = place.is_not(None) if first is None else place < first
    old = place.in_(select(place).where(chained).order_by(place).limit(_BATCH))
    return int(tx.execute(delete(JOURNAL).where(old)).rowcount)


def _after(seconds: float, purge: Purge) -> Purge:
    """`purge`, of what ended so many seconds ago."""
    return lambda tx, now: purge(tx, now - seconds)


def _insured() -> Iterator[Forgotten]:
    rooms = {"account": ACCOUNTS, "credential": CREDENTIALS, "space": SPACE, "desk": DESK}
    for room, purges in rooms.items():
        for purge in purges:
            yield Forgotten(f"{room}_{_VERB.sub('', purge.__name__, count=1)}", "insured", purge)


FORGOTTEN: tuple[Forgotten, ...] = (
    Forgotten("attempts", "broker", _after(DAY, attempts.purge)),
    Forgotten("sessions", "broker", sessions.purge),
    # They tell which services took part in a session, so they outlive the longest one.
    Forgotten("grants", "broker", _after(LONGEST_SESSION_SECONDS, grants.purge)),
    Forgotten("service_tokens", "broker", service_tokens.purge),
    Forgotten("pushed_requests", "broker", pushed.purge),
    Forgotten("assertions", "broker", assertions.purge),
    Forgotten("failures", "broker", failures.purge),
    # What was not delivered is a technical log.
    Forgotten("notices", "broker", _after(183 * DAY, notices.purge)),
    Forgotten("persons", "broker", forget_persons, daily=True),
    Forgotten("traces", "broker", forget_traces, daily=True),
    *_insured(),
)


def to_forget(parts: Parts, *, daily: bool = True) -> Iterator[Forgotten]:
    """What there is to forget in the databases of this broker; without `daily`, not those."""
    return (one for one in FORGOTTEN if one.bind in parts.engines and (daily or not one.daily))


def forget(parts: Parts, one: Forgotten, batches: int | None = None) -> int:
    """Forget so many batches at the most, None to the end; how many rows there were."""
    engine, now, gone = parts.engines[one.bind], parts.outside.clock(), 0
    for _ in count() if batches is None else range(batches):
        with engine.begin() as tx:
            done = one.purge(tx, now)
        if not done:
            break
        gone += done
    return gone


def note(parts: Parts, counts: Mapping[str, int]) -> None:
    """Tell the journal how many persons and traces were forgotten."""
    told = {one.name: counts[one.name] for one in FORGOTTEN if one.daily and one.name in counts}
    with parts.engines["broker"].begin() as tx:
        parts.journal.write(tx, Event.PURGED, **told)
