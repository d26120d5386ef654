"""What ended is forgotten in time, in batches, and nothing else is."""

import pytest
from sqlalchemy import text

from broker.insured.credentials.limits import take
from broker.insured.credentials.lockout import lockout_key, take_turn
from broker.insured.credentials.retention import (
    BATCH,
    ENDED_PROOFS_SECONDS,
    PURGES,
    UNCONFIRMED_SECONDS,
    purge_abandoned,
    purge_answers,
    purge_limits,
    purge_lockouts,
    purge_proofs,
)
from broker.insured.credentials.rules import Limit

HOUR, DAY = 3600, 86_400
LINK = 48 * HOUR


@pytest.fixture
def run(engine, clock):
    """Run one purge at the time of the clock."""

    def one(purge):
        with engine.begin() as tx:
            return purge(tx, clock.now)

    return one


def test_a_creation_nobody_confirmed_is_closed_when_its_link_expired(classic, run, clock, count):
    """Person, NIR and address are free again; the link still tells that it expired."""
    classic.create()
    clock.now += LINK - 1
    early = run(purge_abandoned)
    clock.now += 1
    late = run(purge_abandoned)

    assert (early, late) == (0, 1)
    assert count("account WHERE status = 'closed' AND ended_at IS NOT NULL") == 1
    assert classic.steps.activation.read(classic.link()) == "expired"
    assert classic.create()["result"] == "mail_sent"


def test_a_password_that_was_chosen_waits_thirty_days_for_its_sign_in(classic, run, clock, count):
    """And is forgotten with its account."""
    classic.create()
    classic.activate()
    clock.now += UNCONFIRMED_SECONDS - 1
    early = run(purge_abandoned)
    clock.now += 1
    late = run(purge_abandoned)

    assert (early, late, count("credential")) == (0, 1, 0)


def test_an_account_in_use_is_never_abandoned(classic, run, clock):
    """However long nobody signs in."""
    classic.opened()
    clock.now += 400 * DAY

    assert run(purge_abandoned) == 0
    assert classic.sign_in()["result"] == "signed_in"


def test_ended_links_and_codes_are_forgotten_a_week_later(classic, run, clock, count):
    """Until then they tell what they are."""
    classic.create()
    classic.recover(nir="285036938301219"[:13])
    clock.now += DAY + ENDED_PROOFS_SECONDS + 1
    first = run(purge_proofs)
    clock.now += DAY
    second = run(purge_proofs)

    assert (first, second, count("proof")) == (1, 1, 0)


def test_wrong_passwords_are_forgotten_after_a_month_and_locks_are_not(
    engine, sealer, run, clock, count
):
    """Until a recovery, or for the 36 months that links are kept."""
    for nir, tries in (("1", 4), ("2", 10)):
        for _ in range(tries):
            with engine.begin() as tx:
                take_turn(tx, lockout_key(sealer, nir), clock.now)
            clock.now += HOUR * 12
    clock.now += 31 * DAY
    after_a_month = run(purge_lockouts)
    clock.now += 1200 * DAY

    assert (after_a_month, run(purge_lockouts), count("lockout")) == (1, 1, 0)


def test_counters_are_forgotten_when_they_count_nothing_any_more(engine, sealer, run, clock, count):
    """After their own stretch of time."""
    with engine.begin() as tx:
        limits = [(Limit("short", 3, HOUR), "x"), (Limit("long", 3, DAY), "x")]
        take(tx, sealer, limits, clock.now)
    clock.now += HOUR + 1

    assert (run(purge_limits), count("use_limit")) == (1, 1)


def test_a_purge_is_done_in_batches(engine, run, clock, count):
    """Many rows, so many at a time."""
    row = "INSERT INTO answered VALUES (:key, 'x', 0, NULL, 0)"
    with engine.begin() as tx:
        tx.execute(text(row), [{"key": str(number)} for number in range(BATCH + 7)])

    assert [run(purge_answers) for _ in range(3)] == [BATCH, 7, 0]
    assert count("answered") == 0


@pytest.mark.parametrize("purge", PURGES)
def test_a_purge_of_nothing_forgets_nothing(classic, run, purge):
    """What lives is left alone."""
    classic.create()
    classic.sign_in()

    assert run(purge) == 0
