"""An existing link is followed only while account, record and identity still belong together."""

import pytest
from sqlalchemy import text, update

from broker.insured.accounts.facts import AccountBar, Result
from broker.insured.accounts.protected import nir_of
from broker.insured.accounts.writing import USED_EVERY
from broker.insured.matching.outcomes import Outcome
from broker.insured.registry.numbering import nir_of as number_of
from broker.insured.schema import ACCOUNT

AMELI = "ameli.exemple"


@pytest.fixture(autouse=True)
def first(engine, population, claire, accounts, arriving):
    """The first login, which made the link."""
    population.register(engine, claire)
    return accounts.settle(arriving(), AMELI)


@pytest.mark.parametrize(
    ("status", "bar"),
    [("locked", AccountBar.LOCKED), ("deactivated", AccountBar.DEACTIVATED)],
)
def test_a_link_to_an_account_that_is_not_active_is_refused(
    accounts, arriving, engine, status, bar
):
    """Each login looks again; a stored link opens nothing by itself (CVE-2026-3009)."""
    with engine.begin() as tx:
        tx.execute(update(ACCOUNT).values(status=status))

    assert accounts.settle(arriving(), AMELI).verdict is bar


def test_an_identity_that_is_no_longer_the_records_is_refused(accounts, arriving):
    """The provider gives the same subject to somebody else: the link is not followed."""
    settled = accounts.settle(arriving(family_name="Petit"), AMELI)

    assert (settled.result, settled.verdict) == (Result.REFUSED, AccountBar.IDENTITY_CHANGED)
    assert settled.case
    assert accounts.settle(arriving(), AMELI).result is Result.EXISTING


def test_an_unknown_marker_never_follows_a_link(accounts, arriving, population, engine, claire):
    """A record whose name was lost equals nobody, not even whoever is sent as unknown."""
    population.register(engine, claire._replace(family_name="INCONNU"))

    assert accounts.settle(arriving(family_name="Inconnu"), AMELI).verdict is Outcome.INVALID


def test_an_equivalent_identity_still_follows_the_link(accounts, arriving, first):
    """The provider sends fewer names than the first time: documented, hence the same person."""
    settled = accounts.settle(arriving(given_names=("Claire",)), AMELI)

    assert (settled.result, settled.verdict) == (Result.EXISTING, Outcome.TOLERANT)
    assert settled.account_id == first.account_id


def test_a_record_that_is_gone_leaves_the_account_closed(accounts, arriving, population, engine):
    """A new registry without the person: nobody is led into an account without a file."""
    population.register(engine, population.other(family_name="PETIT"))

    assert accounts.settle(arriving(), AMELI).verdict is AccountBar.RECORD_GONE


def test_a_number_given_to_somebody_else_is_noticed(accounts, arriving, population, engine, claire):
    """The insurer re-used its number, even for a namesake: the NIR tells, no login gets in."""
    namesake = claire._replace(nir=number_of("F", "1985-03-27", "69383", 77))
    population.register(engine, namesake)

    settled = accounts.settle(arriving(), AMELI)

    assert (settled.result, settled.verdict) == (Result.REFUSED, AccountBar.RECORD_CHANGED)


def test_a_corrected_nir_is_followed_and_the_account_renumbered(
    accounts, arriving, population, engine, claire, sealer, first
):
    """The record tells the old NIR in its history: the same person, and the account learns it."""
    corrected = number_of("F", "1985-03-27", "69383", 77)
    population.register(engine, claire._replace(nir=corrected, former_nirs=claire.nir))

    settled = accounts.settle(arriving(), AMELI)

    assert (settled.result, settled.account_id) == (Result.EXISTING, first.account_id)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT nir_sealed, nir_index FROM account")).one()
    assert nir_of(sealer).open(kept.nir_sealed) == corrected
    assert kept.nir_index == nir_of(sealer).index(corrected)


def test_the_death_of_the_holder_closes_the_way_in(accounts, arriving, population, engine, claire):
    """D7 also holds for an account that exists."""
    population.register(engine, claire._replace(deceased="1"))

    assert accounts.settle(arriving(), AMELI).verdict is Outcome.DECEASED


def test_a_rival_that_appears_later_does_not_shut_the_holder_out(
    accounts, arriving, population, engine, claire, first
):
    """A proven link is followed although a new namesake would make a first one ambiguous."""
    population.register(engine, claire, population.other())

    assert accounts.settle(arriving(), AMELI).account_id == first.account_id


def test_a_person_key_that_changed_travels_with_the_link(accounts, arriving, count):
    """The provider corrected a spelling: the broker knows another person, the link follows it."""
    renamed = arriving(given_names=("Claire",), person="person-renamed")
    accounts.settle(renamed, AMELI)
    elsewhere = accounts.settle(
        arriving(person="person-renamed", issuer="https://postal.exemple"), AMELI
    )

    assert elsewhere.result is Result.EXISTING
    assert count("link WHERE person = 'person-renamed'") == 2


def test_a_login_on_the_same_day_writes_nothing(accounts, arriving, engine, clock):
    """The use of a link is noted once a day: retention is counted in months."""
    used = _used(engine)
    clock.now += USED_EVERY - 1
    accounts.settle(arriving(), AMELI)
    same_day = _used(engine)
    clock.now += 1
    accounts.settle(arriving(), AMELI)

    assert same_day == used
    assert _used(engine) == used + USED_EVERY


def _used(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT used_at FROM link")).scalar_one()
