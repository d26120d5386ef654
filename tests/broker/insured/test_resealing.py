"""A new secret: everything is sealed again, found again, and the old one can be forgotten."""

import secrets

import pytest
from sqlalchemy import text

from broker.insured.accounts.facts import Result
from broker.insured.accounts.settle import Accounts
from broker.insured.accounts.summary import account
from broker.insured.outbox import Postman
from broker.insured.resealing import reseal
from broker.sealing import Sealer, UnsealError

AMELI = "ameli.exemple"
NEW = "another-secret-of-the-tests-0123456789"
OLD = "secret-of-the-tests-0123456789abcdef"


class Mailbox:
    """Keeps what is sent."""

    def __init__(self):
        self.sent = []

    def mail(self, to, *_):
        self.sent.append(to)

    sms = mail


@pytest.fixture
def first(engine, population, claire, accounts, arriving):
    """An account, a mail that waits, and a case, sealed with the old secret."""
    population.register(engine, claire)
    accounts.settle(arriving(family_name="Petit", subject="petit", person="petit"), AMELI)
    return accounts.settle(arriving(), AMELI)


def test_what_was_sealed_again_opens_without_the_old_secret(engine, first, clock):
    """Account, outbox and case: all of it, and a second run finds nothing to do."""
    with pytest.raises(UnsealError):
        account(engine, Sealer(NEW), first.account_id, AMELI)

    assert reseal(engine, Sealer(NEW, [OLD])) == 3
    assert reseal(engine, Sealer(NEW, [OLD])) == 0
    summary = account(engine, Sealer(NEW), first.account_id, AMELI)
    assert summary["contact"]["email_masked"] == "c•••••@exemple.fr"
    mailbox = Mailbox()
    Postman(engine, mailbox, Sealer(NEW), clock).deliver_due()
    assert mailbox.sent == ["claire@exemple.fr"]
    with engine.connect() as connection:
        sealed = connection.execute(text("SELECT identity_sealed FROM advisor_case")).scalar_one()
    assert b"Petit" in Sealer(NEW).open(bytes(sealed), "case:identity")


def test_accounts_are_found_by_the_new_fingerprints(engine, first, clock, arriving, population):
    """The constraint on e-mail addresses holds across the change."""
    reseal(engine, Sealer(NEW, [OLD]))
    accounts = Accounts(engine, Sealer(NEW), clock, secrets.token_bytes)
    again = accounts.settle(arriving(), AMELI)
    population.register(engine, population.other(family_name="ROUX"))
    other = accounts.settle(arriving(family_name="Roux", subject="roux", person="roux"), AMELI)

    assert (again.result, again.account_id) == (Result.EXISTING, first.account_id)
    assert (other.result, other.email_conflict) == (Result.CREATED, True)


def test_logins_go_on_between_the_change_and_the_sealing(engine, first, clock, arriving):
    """Older secrets still open what they sealed."""
    accounts = Accounts(engine, Sealer(NEW, [OLD]), clock, secrets.token_bytes)

    assert accounts.settle(arriving(), AMELI).account_id == first.account_id
