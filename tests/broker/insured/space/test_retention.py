"""What is forgotten, and what a change of secret seals again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from broker.insured.resealing import reseal
from broker.insured.space.certificates import issue
from broker.insured.space.declarations import declare, declared
from broker.insured.space.email import ask
from broker.insured.space.messages import answer, message, send
from broker.insured.space.place import Space
from broker.insured.space.retention import (
    BATCH,
    PURGES,
    forget_certificates,
    forget_email_changes,
    forget_payments,
)
from broker.insured.space.tables import CERTIFICATE, EMAIL_CHANGE, PAYMENT
from broker.sealing import Sealer

DAY = 86_400
NEW, OLD = "another-secret-of-the-tests-0123456789", "secret-of-the-tests-0123456789abcdef"


def count(engine, table):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_payments_are_kept_for_27_months(doing, engine, tenant, clock):
    """What a page shows is never among the forgotten."""
    today = date(2026, 3, 1)
    rows = [
        {
            "person_id": tenant.person_id,
            "reference": str(days),
            "kind": "dental",
            "label": "x",
            "care_on": today - timedelta(days=days),
            "paid_on": today - timedelta(days=days),
            **dict.fromkeys(("spent", "base", "rate", "paid"), 1),
        }
        for days in (0, 366, 820, 823)
    ]
    doing(lambda tx: tx.execute(insert(PAYMENT), rows))

    assert doing(forget_payments, clock.now) == 1
    assert count(engine, PAYMENT) == 3


def test_an_old_certificate_reads_as_no_longer_valid_for_a_year(
    doing, engine, space, tenant, clock
):
    """Then it is forgotten."""
    doing(issue, space, tenant)
    assert doing(forget_certificates, clock.now + 700 * DAY) == 0
    assert doing(forget_certificates, clock.now + 733 * DAY) == 1
    assert count(engine, CERTIFICATE) == 0


def test_codes_are_forgotten_after_a_day(doing, engine, space, tenant, clock):
    """Not before: they count towards the limit of a day."""
    doing(ask, space, tenant, "nouvelle@exemple.fr", "fr")
    assert doing(forget_email_changes, clock.now + DAY) == 0
    assert doing(forget_email_changes, clock.now + DAY + 1) == 1
    assert count(engine, EMAIL_CHANGE) == 0


@pytest.mark.parametrize("forget", PURGES, ids=lambda forget: forget.__name__)
def test_nothing_to_forget_is_no_work(doing, clock, forget):
    """Every round of the upkeep asks each of them."""
    assert doing(forget, clock.now) == 0


def test_batches_are_bounded(doing, engine, tenant, clock):
    """A purge never holds the database for long."""
    rows = [
        {
            "account_id": tenant.account_id,
            "sealed": b"x",
            "code": "x",
            "asked_at": 0.0,
            "tries": 0,
            "closed_at": 0.0,
        }
    ] * (BATCH + 1)
    doing(lambda tx: tx.execute(insert(EMAIL_CHANGE), rows))

    assert doing(forget_email_changes, clock.now) == BATCH
    assert count(engine, EMAIL_CHANGE) == 1


def test_a_new_secret_seals_the_space_again(doing, engine, finding, space, tenant, clock):
    """Messages, answers, declarations and certificates open without the old secret."""
    number = doing(send, space, tenant, "rights", "Une question.")["number"]
    doing(answer, space, number, "Une réponse.", "advisor-7")
    doing(declare, space, tenant, "doctor", {"name": "Dr Lenoir", "city": "Lyon"})
    code = doing(issue, space, tenant)["code"]

    assert reseal(engine, Sealer(NEW, [OLD])).rows > 4
    assert reseal(engine, Sealer(NEW, [OLD])).rows == 0
    renewed = Space(engine, Sealer(NEW), clock, space.random, space.passwords)
    told = message(renewed, tenant, number)
    assert (told["text"], told["answer"]) == ("Une question.", "Une réponse.")
    values = finding(declared, renewed, tenant.person_id)["doctor"]["current"]["values"]
    assert values["name"] == "Dr Lenoir"
    assert doing(issue, renewed, tenant)["code"] == code


def test_a_row_changed_meanwhile_is_left_alone(doing, engine, space, tenant):
    """Somebody who wrote with the new secret during the run is not undone."""
    doing(declare, space, tenant, "doctor", {"name": "Dr Lenoir", "city": "Lyon"})
    reseal(engine, Sealer(NEW, [OLD]))
    doing(lambda tx: tx.execute(update(EMAIL_CHANGE).values(tries=1)))

    assert reseal(engine, Sealer(NEW, [OLD])).rows == 0
