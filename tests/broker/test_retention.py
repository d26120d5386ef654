"""What is forgotten of persons, and what a login that happens meanwhile is owed."""

import pytest
from sqlalchemy import func, select, text, update

from broker.retention import PERSONS, forget_persons
from broker.sealing import Sealer
from broker.subjects.pairwise import SUBJECT, Subjects
from broker.subjects.persons import PERSON, PERSON_KEY, UPSTREAM, Persons
from providers.identity import Gender, PartialDate, PivotIdentity

SEALER = Sealer("a-secret-of-the-tests-0123456789abcdef")
NOW = 2_000_000_000.0
OLD = NOW - PERSONS - 1


def arrive(engine, name, at):
    """Somebody of this family name signs in at `at` and is known to a service."""
    identity = PivotIdentity(
        name, ("Claire",), PartialDate.parse("1985-03-27"), Gender.FEMALE, "69383", "99100"
    )
    with engine.begin() as tx:
        person = Persons(SEALER, lambda: at).arrive(tx, identity, "https://tax.example", name)
        Subjects(SEALER, lambda: at).sub(tx, "rp.example", person)
    return person


def counts(engine):
    with engine.connect() as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (PERSON, PERSON_KEY, UPSTREAM, SUBJECT)
        ]


def test_whoever_came_back_is_kept_and_the_others_are_forgotten_whole(engine):
    """The rule counts from the last login."""
    arrive(engine, "DURAND", OLD)
    arrive(engine, "PETIT", OLD)
    arrive(engine, "PETIT", OLD + 2)
    with engine.begin() as tx:
        assert forget_persons(tx, NOW) == 1
        assert forget_persons(tx, NOW) == 0

    assert counts(engine) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_whoever_is_logging_in_at_that_moment_is_kept(engine):
    """Their login is not waited for, and loses neither person nor subject."""
    person = arrive(engine, "DURAND", OLD)
    with engine.connect() as login, login.begin():
        login.execute(update(PERSON).where(PERSON.c.id == person).values(seen_at=NOW))
        with engine.begin() as tx:
            tx.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert forget_persons(tx, NOW) == 0
    with engine.begin() as tx:
        assert forget_persons(tx, NOW) == 0

    assert counts(engine) == [1, 1, 1, 1]
