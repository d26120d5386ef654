"""Links and cases are forgotten in time, in batches, and nothing else is."""

import pytest

from broker.insured.accounts.facts import Result
from broker.insured.accounts.retention import (
    BATCH,
    CASE_SECONDS,
    LINK_SECONDS,
    purge_cases,
    purge_links,
)

AMELI = "ameli.exemple"


@pytest.fixture(autouse=True)
def registry(engine, population, claire):
    population.register(engine, claire)


def test_a_link_is_forgotten_36_months_after_its_last_use(engine, accounts, arriving, clock, count):
    """The account stays, and the next login links it again."""
    first = accounts.settle(arriving(), AMELI)
    clock.now += LINK_SECONDS
    with engine.begin() as tx:
        kept = purge_links(tx, clock.now - LINK_SECONDS)
    clock.now += 1
    with engine.begin() as tx:
        gone = purge_links(tx, clock.now - LINK_SECONDS)
    unlinked = count("account WHERE linked_at IS NULL")
    again = accounts.settle(arriving(), AMELI)

    assert (kept, gone, unlinked) == (0, 1, 1)
    assert (again.result, again.account_id) == (Result.LINKED, first.account_id)


def test_a_link_in_use_is_kept(engine, accounts, arriving, clock, count):
    """Each login of another day starts the 36 months anew."""
    accounts.settle(arriving(), AMELI)
    clock.now += LINK_SECONDS
    accounts.settle(arriving(), AMELI)
    with engine.begin() as tx:
        assert purge_links(tx, clock.now - LINK_SECONDS + 1) == 0
    assert count("link") == 1


def test_an_account_keeps_its_other_links(engine, accounts, arriving, clock, count):
    """Only the unused one goes; the account is still linked."""
    accounts.settle(arriving(), AMELI)
    clock.now += LINK_SECONDS
    accounts.settle(arriving(issuer="https://postal.exemple"), AMELI)
    clock.now += 1
    with engine.begin() as tx:
        assert purge_links(tx, clock.now - LINK_SECONDS) == 1

    assert count("link") == 1
    assert count("account WHERE linked_at IS NOT NULL") == 1


def test_old_cases_are_forgotten_in_batches(engine, accounts, arriving, clock, count):
    """Six months after they were opened, so many at a time."""
    for number in range(3):
        accounts.settle(arriving(family_name="Petit", person=f"p{number}"), AMELI)
    clock.now += CASE_SECONDS + 1
    accounts.settle(arriving(family_name="Petit", person="late"), AMELI)
    with engine.begin() as tx:
        gone = purge_cases(tx, clock.now - CASE_SECONDS)

    assert (gone, count("advisor_case")) == (3, 1)
    assert gone < BATCH
