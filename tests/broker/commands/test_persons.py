"""`passerelle person`: an operator closes somebody out, by what the journal or a service shows."""

import pytest
from sqlalchemy import select

from broker.audit.events import Event
from broker.audit.journal import JOURNAL
from broker.subjects.persons import PERSON
from tests.broker.operator import typed


@pytest.fixture
def engine(world):
    """The broker's database."""
    return world.broker.app.extensions["parts"].engines["broker"]


@pytest.fixture
def signed_in(sample, browser):
    """Claire's tokens at a service."""
    return sample.tokens(sample.login(browser)["code"])


def fingerprint(engine):
    with engine.connect() as connection:
        return connection.execute(select(PERSON.c.id)).scalar_one()


def test_a_blocked_person_has_no_login_and_no_token(world, browser, sample, engine, signed_in):
    """The session that runs, a new sign-in and the token at hand: none is of use."""
    told = typed(world, "person", "block", fingerprint(engine))
    sample.start(browser, prompt="none")
    running, new = browser.sent_back(), world.browser()
    sample.start(new)
    page = new.sign_in("claire", "tax")

    assert (told.status, told.output) == (0, f"{fingerprint(engine)} is blocked.\n")
    assert running["error"] == "login_required"
    assert sample.userinfo(signed_in["access_token"]).status == 401
    assert (page.status, new.sent_back()) == (403, {})


def test_an_unblocked_person_comes_back_as_the_same(world, sample, engine, signed_in):
    """Their services know them again."""
    before = sample.id_token(signed_in)["sub"]
    typed(world, "person", "block", fingerprint(engine))
    told = typed(world, "person", "unblock", fingerprint(engine), "--json")

    assert told.json == {"person": fingerprint(engine), "blocked": False}
    assert sample.sub(world.browser()) == before


def test_a_service_may_name_the_person_by_its_sub(world, sample, engine, signed_in):
    """It is all a service can tell of somebody who misbehaves there."""
    sub = sample.id_token(signed_in)["sub"]
    told = typed(world, "person", "block", sub, "--json")

    assert told.json == {"person": fingerprint(engine), "blocked": True}
    assert sample.userinfo(signed_in["access_token"]).status == 401


def test_both_are_in_the_journal(world, engine, signed_in):
    """When, and who; nobody is blocked unseen."""
    person = fingerprint(engine)
    typed(world, "person", "block", person)
    typed(world, "person", "unblock", person)
    wanted = [Event.PERSON_BLOCKED.value, Event.PERSON_UNBLOCKED.value]
    with engine.connect() as connection:
        rows = connection.execute(
            select(JOURNAL.c.event, JOURNAL.c.person)
            .where(JOURNAL.c.event.in_(wanted))
            .order_by(JOURNAL.c.id)
        ).all()

    assert [tuple(row) for row in rows] == [(event, person) for event in wanted]


@pytest.mark.parametrize("verb", ["block", "unblock"])
def test_nobody_is_told_and_nothing_written(world, engine, signed_in, verb):
    """A fingerprint mistyped must not leave a trace of a block that never was."""
    told = typed(world, "person", verb, "nobody")

    assert told.status == 1
    assert "Nobody is known by nobody" in told.refusal
    with engine.connect() as connection:
        events = set(connection.execute(select(JOURNAL.c.event)).scalars())
    assert not events & {Event.PERSON_BLOCKED.value, Event.PERSON_UNBLOCKED.value}
