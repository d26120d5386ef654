"""A new secret: everything is sealed again, found again, and the old one can be forgotten."""

import secrets

import pytest
from sqlalchemy import text, update

from broker.insured.accounts.facts import Result
from broker.insured.accounts.protected import email_columns
from broker.insured.accounts.settle import Accounts
from broker.insured.accounts.summary import account
from broker.insured.credentials.registered import holders
from broker.insured.outbox import Postman
from broker.insured.resealing import reseal
from broker.insured.schema import ACCOUNT
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

    assert reseal(engine, Sealer(NEW, [OLD])).rows == 3
    assert reseal(engine, Sealer(NEW, [OLD])).rows == 0
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


def both(engine, clock):
    """Accounts of a broker whose secret was changed, and nothing sealed again yet."""
    return Accounts(engine, Sealer(NEW, [OLD]), clock, secrets.token_bytes)


def test_one_e_mail_has_one_account_before_the_sealing_too(
    engine, first, clock, arriving, population
):
    """An address is looked for under every secret: the second account goes without."""
    population.register(engine, population.other(family_name="ROUX"))
    other = both(engine, clock).settle(
        arriving(family_name="Roux", subject="roux", person="roux"), AMELI
    )

    assert (other.result, other.email_conflict) == (Result.CREATED, True)
    assert reseal(engine, Sealer(NEW, [OLD])).left == []


def test_an_account_is_found_by_its_number_before_the_sealing_too(engine, first):
    """Whoever signs in with NIR and password is not asked to create another account."""
    with engine.connect() as connection:
        nir = Sealer(OLD).open(
            bytes(connection.execute(text("SELECT nir_sealed FROM account")).scalar_one()),
            "account:nir",
        )
        moved = text("UPDATE account SET person_id = 999")
        connection.execute(moved)
        found = holders(connection, Sealer(NEW, [OLD]), nir.decode())

    assert len(found) == 1


def test_a_row_that_cannot_be_sealed_is_left_and_told(engine, first, clock, arriving, population):
    """Two accounts with one address, made before that was looked for: the others are sealed."""
    population.register(engine, population.other(family_name="ROUX"))
    both(engine, clock).settle(arriving(family_name="Roux", subject="roux", person="roux"), AMELI)
    doubled = email_columns(Sealer(NEW), "claire.durand@exemple.fr")
    with engine.begin() as tx:
        rows = tx.execute(text("SELECT id FROM account ORDER BY id")).scalars().all()
        tx.execute(update(ACCOUNT).where(ACCOUNT.c.id == rows[1]).values(doubled))
    done = reseal(engine, Sealer(NEW, [OLD]))

    assert done.left == [f"account {rows[0]}"]
    assert done.rows == 2
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT nir_sealed FROM account ORDER BY id")).scalars()
        assert Sealer(OLD).open(bytes(next(kept)), "account:nir")
