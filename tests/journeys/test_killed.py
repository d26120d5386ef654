"""The process dies between any two writes of a login: nothing is half done, and all goes on."""

import pytest
from sqlalchemy import event, func, select

from broker.audit.journal import JOURNAL
from broker.insured.schema import ACCOUNT, LINK
from broker.subjects.persons import PERSON
from tests.service import Service

_WRITES = ("INSERT", "UPDATE", "DELETE")


class KilledError(BaseException):
    """The process died; nothing in it may catch this."""


class Executioner:
    """Dies at the write of that rank, counted over both databases, before it is made."""

    def __init__(self, engines, rank):
        self.engines, self.left = engines, rank

    def __enter__(self):
        for engine in self.engines.values():
            event.listen(engine, "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_):
        for engine in self.engines.values():
            event.remove(engine, "before_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement, *_):
        if statement.lstrip().upper().startswith(_WRITES):
            self.left -= 1
            if self.left == 0:
                raise KilledError


def broker_engines(world):
    return world.broker.app.extensions["parts"].engines


def accounts_and_links(world):
    with broker_engines(world)["insured"].connect() as connection:
        accounts = connection.execute(select(func.count()).select_from(ACCOUNT)).scalar()
        persons = set(connection.execute(select(LINK.c.person)).scalars())
    return accounts, persons


def known_persons(world):
    with broker_engines(world)["broker"].connect() as connection:
        return set(connection.execute(select(PERSON.c.id)).scalars())


def events(world):
    with broker_engines(world)["broker"].connect() as connection:
        return set(connection.execute(select(JOURNAL.c.event)).scalars())


@pytest.mark.parametrize("rank", range(1, 26))
def test_killed_before_any_write_the_person_logs_in_again(world, rank):
    """No account without its person and its trace, one at the end; the second try succeeds."""
    before, strangers = accounts_and_links(world)
    ameli = Service(world, "ameli")
    killed = False
    with Executioner(broker_engines(world), rank):
        try:
            ameli.login(world.browser(), "claire")
        except KilledError:
            killed = True
    world.broker.restart()

    accounts, persons = accounts_and_links(world)
    assert accounts <= before + 1
    assert accounts == before or "account:created" in events(world)
    assert persons - strangers <= known_persons(world)

    answer = ameli.login(world.browser(), "claire")
    assert "code" in answer
    assert accounts_and_links(world)[0] == before + 1
    assert killed or rank > 15  # the first fifteen writes belong to every login


def test_a_consent_that_was_given_is_not_lost(world):
    """Killed while the account is settled, the person is not asked the same thing again."""
    ameli = Service(world, "ameli")
    browser = world.browser()
    ameli.start(browser)
    page = browser.sign_in("claire")
    with Executioner({"insured": broker_engines(world)["insured"]}, 1), pytest.raises(KilledError):
        page.click("consent-continue")
    world.broker.restart()

    again = world.browser()
    ameli.start(again)

    assert not again.sign_in("claire").has("consent-continue")
