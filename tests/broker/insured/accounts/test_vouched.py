"""An account that signs its holder in opens itself: it creates none and is linked to no other."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from broker.insured.accounts.facts import AccountBar, Result
from broker.insured.schema import REFERENCE

PORTAL, PROVIDER = "ameli.exemple", "provider.exemple"
ISSUER = "https://ameli.exemple"


@pytest.fixture(autouse=True)
def registry(engine, population, claire):
    population.register(engine, claire)


@pytest.fixture
def referenced(engine, classic, claire):
    """Open a classic account, known to the provider by a reference of its own sector."""

    def open_one(reference, line=claire, status="active"):
        account = classic(status, line=line, email=None)
        with engine.begin() as tx:
            named = {"reference": reference, "account_id": account, "sector": PROVIDER}
            tx.execute(insert(REFERENCE), named)
        return reference

    return open_one


@pytest.fixture
def vouched(arriving):
    """Claire's traits, vouched for by the account of that reference."""
    return lambda account, subject=None: replace(
        arriving(issuer=ISSUER, subject=subject or account, provider="ameli"), account=account
    )


def test_an_account_opens_itself(accounts, vouched, referenced, count):
    """The first time a link is added to it, then it is simply found; never another account."""
    mine = referenced("mine")

    assert accounts.settle(vouched(mine), PORTAL).result is Result.LINKED
    assert accounts.settle(vouched(mine), PORTAL).result is Result.EXISTING
    assert [count("account"), count("link")] == [1, 1]


def test_an_account_never_creates_another_one(accounts, vouched, count):
    """A reference nobody gave, of somebody in the registry who has no account: refused."""
    settled = accounts.settle(vouched("invented"), PORTAL)

    assert (settled.result, settled.verdict) == (Result.REFUSED, AccountBar.OTHER_ACCOUNT)
    assert settled.case
    assert [count("account"), count("link")] == [0, 0]


def test_an_account_is_not_linked_to_that_of_somebody_else(
    accounts, vouched, referenced, population, claire, engine, count
):
    """Signed in with another account, under the traits of its holder's twin in the registry."""
    other = population.other(family_name="PETIT")
    population.register(engine, claire, other)
    referenced("mine")
    strange = referenced("other", other)
    settled = accounts.settle(vouched(strange), PORTAL)

    assert (settled.result, settled.verdict) == (Result.REFUSED, AccountBar.OTHER_ACCOUNT)
    assert count("link") == 0


def test_a_link_made_before_is_not_followed_for_another_account(
    accounts, vouched, referenced, count
):
    """The same subject, now vouched for by an account that is not the linked one."""
    accounts.settle(vouched(referenced("mine")), PORTAL)

    forged = vouched("other", subject="mine")
    assert accounts.settle(forged, PORTAL).verdict is AccountBar.OTHER_ACCOUNT
    assert count("link") == 1


@pytest.mark.parametrize("status", ["pending", "closed", "replaced"])
def test_an_account_that_does_not_stand_vouches_for_nobody(
    accounts, vouched, referenced, status, count
):
    """Begun and never confirmed, closed or replaced: it opens and creates nothing."""
    settled = accounts.settle(vouched(referenced("mine", status=status)), PORTAL)

    assert settled.result is Result.REFUSED
    assert [count("account"), count("link")] == [1, 0]


def test_an_account_reached_by_another_provider_only_is_no_source(
    accounts, arriving, vouched, count
):
    """Made by a login elsewhere, it has no reference at the provider: nothing to vouch with."""
    made = accounts.settle(arriving(), PORTAL)
    settled = accounts.settle(vouched("of-no-account"), PORTAL)

    assert made.result is Result.CREATED
    assert settled.verdict is AccountBar.OTHER_ACCOUNT
    assert [count("account"), count("link")] == [1, 1]
