"""Cases: what an advisor opens after a refused login."""

import json
import re

import pytest
from sqlalchemy import select, update

from broker.insured.accounts.cases import case_number
from broker.insured.schema import CASE

AMELI = "ameli.exemple"


@pytest.fixture(autouse=True)
def registry(engine, population, claire):
    population.register(engine, claire, population.other(family_name="DURANT"))


def _cases(engine):
    with engine.connect() as connection:
        return connection.execute(select(CASE).order_by(CASE.c.opened_at)).all()


def test_a_case_explains_without_a_name_and_keeps_the_identity_sealed(
    accounts, arriving, engine, sealer
):
    """The desk reads rules, traits and record numbers; what was sent opens only with the secret."""
    settled = accounts.settle(arriving(family_name="Duran", email="c@exemple.fr"), AMELI)
    (case,) = _cases(engine)
    explained = json.loads(case.explanation)

    assert case.number == settled.case
    assert (explained["rule"], explained["verdict"]) == ("D5", "near_miss")
    assert explained["candidates"][0]["differing"] == ["family_name"]
    assert not re.search(r"(?i)durand|claire|1985|exemple", case.explanation)
    sent = json.loads(sealer.open(bytes(case.identity_sealed), "case:identity"))
    assert (sent["family_name"], sent["email"]) == ("Duran", "c@exemple.fr")


def test_a_second_refusal_for_the_same_reason_has_the_same_number(accounts, arriving, engine):
    """Trying again does not flood the desk; another reason is another case."""
    first = accounts.settle(arriving(family_name="Petit"), AMELI)
    second = accounts.settle(arriving(family_name="Petit"), AMELI)
    other = accounts.settle(arriving(family_name="Duran"), AMELI)

    assert first.case == second.case != other.case
    assert len(_cases(engine)) == 2


def test_a_closed_case_is_not_taken_up_again(accounts, arriving, engine):
    """Once the advisor is done, a new refusal is a new case."""
    first = accounts.settle(arriving(family_name="Petit"), AMELI)
    with engine.begin() as tx:
        tx.execute(update(CASE).values(closed_at=1.0))
    second = accounts.settle(arriving(family_name="Petit"), AMELI)

    assert first.case != second.case


def test_ambiguous_usage_near_miss_and_nobody_answer_alike(accounts, arriving, population, engine):
    """D3 to D6: the same kind of answer, the same writes; only the sealed explanation differs."""
    population.register(
        engine,
        population.other(),
        population.other(),
        population.other(family_name="FAURE", usage_name="PERRIN"),
    )
    names = {"Durand": "ambiguous", "Perrin": "usage_name", "Faur": "near_miss", "Zeller": "none"}
    settled = {
        name: accounts.settle(arriving(family_name=name, person=name, subject=name), AMELI)
        for name in names
    }

    assert {name: one.outcome for name, one in settled.items()} == names
    assert {
        (one.result, one.account_id, one.match, bool(one.case)) for one in settled.values()
    } == {("refused", None, None, True)}


def test_a_case_number_is_read_over_the_telephone():
    """Eight characters in two groups, none that is taken for another."""
    number = case_number(lambda count: bytes(range(count)))

    assert number == "2345-6789"
    assert re.fullmatch(
        r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", case_number(lambda n: b"\xff" * n)
    )
