"""The mail of an account that was created or linked, in the language of the person."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

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
        ("fr", ("ouvert", "relié"), "1er mars 2026 à 12 h 00"),
        ("en", ("opened", "linked"), "1 March 2026 at 12:00"),
    ],
)
def test_a_new_account_is_told_in_the_language_of_the_login(
    accounts, arriving, told, engine, population, claire, language, subjects, date
):
    """Created through one provider, joined by another: both mails in the language of the page."""
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
