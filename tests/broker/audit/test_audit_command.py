"""`passerelle audit verify` and `passerelle purge`: the journal stays whole, and is forgotten."""

import pytest
from sqlalchemy import delete, func, insert, select, update

from broker.audit.events import Event
from broker.audit.journal import JOURNAL, seal_chain, verify_chain
from broker.consent.ledger import CONSENT
from broker.retention import TRACES, forget_traces
from broker.subjects.pairwise import SUBJECT
from broker.subjects.persons import PERSON
from tests.broker.operator import typed
from tests.service import Service

MONTH = 30.44 * 86_400


@pytest.fixture
def lived(world, browser):
    """A broker at which somebody logged in, its journal chained."""
    Service(world).login(browser)
    world.keep_up()
    return world.broker.app.extensions["parts"].engines["broker"]


def verify(world, *words):
    return typed(world, "audit", "verify", *words)


def count(engine, table):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_journal_nobody_touched_is_whole(world, lived):
    """Said in words and in JSON, status 0."""
    assert (verify(world).status, verify(world).output) == (0, "The journal is whole.\n")
    assert verify(world, "--json").json == {"whole": True, "broken_at": None}


def test_rows_that_wait_are_chained_first(world, browser):
    """What happened a second ago is checked as well."""
    Service(world).login(browser)
    engine = world.broker.app.extensions["parts"].engines["broker"]
    verify(world)
    with engine.connect() as connection:
        waiting = select(func.count()).where(JOURNAL.c.position.is_(None))
        assert connection.execute(waiting).scalar_one() == 0


SECOND = JOURNAL.c.position == 2
TAMPERING = {
    "an event altered": update(JOURNAL).where(SECOND).values(event="login:person:arrived"),
    "a date altered": update(JOURNAL).where(SECOND).values(at=JOURNAL.c.at - 1),
    "a fact altered": update(JOURNAL).where(SECOND).values(facts='{"level": "eidas3"}'),
    "a person altered": update(JOURNAL).where(SECOND).values(person="somebody else"),
    "a row removed": delete(JOURNAL).where(SECOND),
    "a link altered": update(JOURNAL).where(SECOND).values(link="0" * 64),
}


@pytest.mark.parametrize("change", TAMPERING.values(), ids=TAMPERING)
def test_a_journal_somebody_touched_is_told_with_the_row(world, lived, change):
    """Status 1, and where to look."""
    with lived.begin() as tx:
        tx.execute(change)
    told, as_json = verify(world), verify(world, "--json")

    assert told.status == as_json.status == 1
    assert told.refusal.startswith("The chain breaks at row ")
    assert as_json.json["whole"] is False
    assert as_json.json["broken_at"] in {2, 3}


def test_nothing_is_forgotten_before_its_time(world, lived):
    """Neither a trace nor a person, and the purge itself is in the journal."""
    rows, persons = count(lived, JOURNAL), count(lived, PERSON)
    world.clock.advance(35 * MONTH)
    told = typed(world, "purge", "--json")

    assert (told.json["traces"], told.json["persons"]) == (0, 0)
    assert (count(lived, JOURNAL), count(lived, PERSON)) == (rows + 1, persons)


def test_after_thirty_six_months_traces_and_persons_are_forgotten(world, lived):
    """With what was kept about them: subjects and answers; what remains is still whole."""
    rows, persons = count(lived, JOURNAL), count(lived, PERSON)
    world.clock.advance(36 * MONTH + 86_400)
    told = typed(world, "purge", "--json")

    assert (told.json["traces"], told.json["persons"]) == (rows, persons)
    assert [count(lived, table) for table in (PERSON, SUBJECT, CONSENT)] == [0, 0, 0]
    assert count(lived, JOURNAL) == 1
    assert verify(world).status == 0


def test_what_came_later_stays(world, lived, browser):
    """A person who logged in again is kept with their subject, and the recent traces too."""
    old = count(lived, JOURNAL)
    world.clock.advance(20 * MONTH)
    Service(world).login(world.browser())
    world.keep_up()
    recent = count(lived, JOURNAL) - old
    world.clock.advance(17 * MONTH)
    told = typed(world, "purge")

    assert f" {old} traces" in told.output
    assert "persons" not in told.output
    assert count(lived, JOURNAL) == recent + 1
    assert count(lived, SUBJECT) == 1
    assert verify(world).status == 0


NOW = 2_000_000_000.0


def lived_at(engine, *moments):
    """A journal of events at these moments, in this order, chained."""
    row = {"event": Event.LOGIN_STARTED.value, "facts": "{}"}
    with engine.begin() as tx:
        tx.execute(insert(JOURNAL), [{**row, "at": at} for at in moments])
        while seal_chain(tx):
            pass


def forgotten(engine):
    """How many traces go, batch after batch, until there are none."""
    gone = 0
    while True:
        with engine.begin() as tx:
            done = forget_traces(tx, NOW)
        if not done:
            return gone
        gone += done


def is_whole(engine):
    with engine.begin() as tx:
        seal_chain(tx)
        return verify_chain(tx) is None


def test_a_clock_that_went_back_leaves_no_hole_in_the_chain(engine):
    """A younger date between two old ones: what follows it is kept, so that the rest follows on."""
    lived_at(engine, *(NOW - TRACES + at for at in (-9, -8, 50, -7, 60)))

    assert forgotten(engine) == 2
    assert count(engine, JOURNAL) == 3
    assert is_whole(engine)


def test_a_purge_works_through_many_batches(engine):
    """More than a thousand old traces go in bounded transactions."""
    lived_at(engine, *([NOW - TRACES - 1] * 1200))

    assert forgotten(engine) == 1200
    assert is_whole(engine)


def test_what_is_not_chained_yet_is_not_forgotten(engine):
    """A row takes its place first: nothing leaves the journal unseen."""
    with engine.begin() as tx:
        row = {"at": NOW - TRACES - 1, "event": Event.LOGIN_STARTED.value, "facts": "{}"}
        tx.execute(insert(JOURNAL), row)

    assert forgotten(engine) == 0
    assert count(engine, JOURNAL) == 1
