"""The mail of an account that was created or linked, in the language of the person."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from broker.insured.credentials.accounts import set_password
from broker.insured.letters import Letter, written
from broker.insured.schema import OUTBOX

SECTOR = "portal.example"


@pytest.fixture
def told(engine, sealer):
    """The letters that wait, as they are sent."""

    def read():
        with engine.connect() as connection:
            rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)).all()
        contents = [json.loads(sealer.open(row.sealed, "outbox")) for row in rows]
        pairs = zip(rows, contents, strict=True)
        return [written(Letter(row.message, content["values"])) for row, content in pairs]

    return read


@pytest.mark.parametrize(
    ("language", "subjects", "date"),
    [
        ("fr", ("ouvert", "relié", "relié"), "1er mars 2026 à 12 h 00"),
        ("en", ("opened", "linked", "linked"), "1 March 2026 at 12:00"),
    ],
)
def test_a_new_account_is_told_in_the_language_of_the_login(
    accounts, arriving, told, engine, population, claire, language, subjects, date
):
    """Created through one provider, joined by another: every mail in the language of the page."""
    population.register(engine, claire)
    first = replace(arriving(), language=language)
    other = arriving(issuer="https://postal.exemple", subject="c", provider="postal")
    for arrival in (first, replace(other, language=language)):
        accounts.settle(arrival, SECTOR)
    letters = told()

    assert len(letters) == len(subjects)
    for letter, word in zip(letters, subjects, strict=True):
        assert f'<html lang="{language}">' in letter.html
        assert word in letter.text
        assert date in letter.text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def reached(engine, sealer):
    """Where each letter about a link goes."""

    def read():
        with engine.connect() as connection:
            rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)).all()
        linked = [row for row in rows if row.message == "account_linked"]
        return [json.loads(sealer.open(row.sealed, "outbox"))["to"] for row in linked]

    return read


FILE, OWN = "claire@exemple.fr", "form@exemple.fr"


@pytest.mark.parametrize(
    ("columns", "told_at"),
    [
        ({"email": OWN}, [OWN, FILE]),
        ({"email": FILE.upper()}, [FILE]),
        ({"phone": "+33639980001"}, ["+33639980001", FILE]),
        ({}, [FILE]),
    ],
    ids=["another address", "the same address", "a mobile alone", "no address"],
)
def test_a_link_is_told_at_the_address_of_the_account(
    accounts, arriving, reached, population, engine, claire, classic, columns, told_at
):
    """And where the insurer's file knows the person; never where the provider says."""
    population.register(engine, claire)
    classic(**{"email": None, **columns})
    accounts.settle(arriving(email="somebody@exemple.fr"), SECTOR)

    assert reached() == told_at


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_link_promises_no_other_way_in(
    accounts, arriving, told, population, engine, claire, classic, language
):
    """The letter is true for an account with a password and for one without."""
    population.register(engine, claire)
    classic()
    accounts.settle(replace(arriving(), language=language), SECTOR)
    letter = told()[-1].text

    assert ("cette façon" in letter) or ("in this way" in letter)
    assert "deux façons" not in letter
    assert "both ways" not in letter


@pytest.mark.parametrize("has_password", [True, False])
def test_a_link_knows_whether_a_password_opens_the_account(
    accounts, arriving, classic, population, claire, engine, has_password
):
    """An account whose password was never chosen is not said to have one."""
    population.register(engine, claire)
    account = classic()
    if has_password:
        with engine.begin() as tx:
            set_password(tx, account, "a hash", "fr", 1.0)

    assert accounts.settle(arriving(), SECTOR).has_password is has_password
