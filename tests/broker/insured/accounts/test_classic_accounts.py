"""A login that meets an account opened by the form, or one that an advisor closed."""

import pytest
from sqlalchemy import insert, text

from broker.insured.accounts.facts import AccountBar, Result
from broker.insured.accounts.protected import nir_of
from broker.insured.credentials.accounts import set_password
from broker.insured.schema import PROOF

AMELI = "ameli.exemple"


@pytest.fixture(autouse=True)
def registry(engine, population, claire):
    population.register(engine, claire)


def test_a_classic_account_is_linked_and_keeps_its_email(accounts, arriving, classic, count):
    """D1 with an account that was never linked: the account stays, a link is added."""
    classic()
    settled = accounts.settle(arriving(), AMELI)

    assert (settled.result, settled.email_wanted) == (Result.LINKED, False)
    assert [count(t) for t in ("account", "link", "account WHERE linked_at IS NOT NULL")] == [1] * 3
    assert accounts.settle(arriving(), AMELI).result is Result.EXISTING


def test_a_creation_never_confirmed_absorbs_nobody(accounts, arriving, classic, count, engine):
    """CVE-2026-53516: what somebody began with the victim's data is replaced, never linked."""
    begun = classic("pending")
    settled = accounts.settle(arriving(), AMELI)

    assert settled.result is Result.CREATED
    assert count(f"account WHERE id = {begun} AND status = 'replaced'") == 1
    assert count(f"link WHERE account_id = {begun}") == 0
    with engine.connect() as connection:
        letters = connection.execute(text("SELECT message FROM outbox ORDER BY id")).scalars()
        assert list(letters) == ["account_replaced", "account_created"]


def test_a_password_never_confirmed_is_forgotten_with_its_account(
    accounts, arriving, classic, count, engine
):
    """No hash of a password, and no link of activation, outlives the account they were for."""
    begun = classic("pending")
    proof = {"handle": "h", "kind": "activation", "language": "fr", "tries": 0}
    with engine.begin() as tx:
        set_password(tx, begun, "a hash", "fr", 1.0)
        tx.execute(insert(PROOF), {**proof, "account_id": begun, "asked_at": 1.0, "expires_at": 9})
    settled = accounts.settle(arriving(), AMELI)

    assert settled.result is Result.CREATED
    assert (count("credential"), count("proof")) == (0, 0)


@pytest.mark.parametrize(
    ("status", "bar"),
    [("locked", AccountBar.LOCKED), ("deactivated", AccountBar.DEACTIVATED)],
)
def test_an_account_that_is_not_active_is_not_opened(
    accounts, arriving, classic, count, status, bar
):
    """CVE-2025-64521: a locked or deactivated account is neither linked nor replaced."""
    classic(status)
    settled = accounts.settle(arriving(), AMELI)

    assert (settled.result, settled.verdict) == (Result.REFUSED, bar)
    assert settled.case
    assert [count("account"), count("link")] == [1, 0]


@pytest.mark.parametrize("status", ["closed", "replaced"])
def test_an_account_that_was_let_go_stands_in_nobodys_way(accounts, arriving, classic, status):
    """Who closed the account may open another."""
    classic(status)

    assert accounts.settle(arriving(), AMELI).result is Result.CREATED


def test_a_number_held_by_another_account_is_for_the_advisor(
    accounts, arriving, classic, claire, count
):
    """The NIR of the record belongs to the account of another insured person: no second one."""
    classic(person_id=999)
    settled = accounts.settle(arriving(), AMELI)

    assert (settled.result, settled.verdict) == (Result.REFUSED, AccountBar.NUMBER_TAKEN)
    assert count("account") == 1


def test_an_account_opened_under_another_nir_is_not_linked(
    accounts, arriving, classic, sealer, count
):
    """The insurer's number now names somebody with another NIR: the account is not theirs."""
    classic(**nir_of(sealer).columns("185036938390156"))
    settled = accounts.settle(arriving(), AMELI)

    assert (settled.result, settled.verdict) == (Result.REFUSED, AccountBar.RECORD_CHANGED)
    assert count("link") == 0
