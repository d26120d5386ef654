"""The data of the demonstration: the same for a seed, made when first needed, then day by day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from broker.insured.space.alerts import choose
from broker.insured.space.demonstration import Demonstration
from broker.insured.space.fiction import ACTS, Life
from broker.insured.space.household import household
from broker.insured.space.payments import latest
from broker.insured.space.tables import COVER, DELIVERY, KINDS, PAYMENT

TODAY = date(2026, 3, 1)
BORN = date(1985, 3, 27)
DAY = 86_400


def life(person=11, seed=36, born=BORN):
    return Life(seed, person, born)


def test_the_same_seed_gives_the_same_life():
    """On any machine, at any time; another seed or person gives another one."""
    year = (TODAY - timedelta(days=365), TODAY)

    assert list(life().payments(*year)) == list(life().payments(*year))
    assert list(life().payments(*year)) != list(life(seed=37).payments(*year))
    assert list(life().payments(*year)) != list(life(person=12).payments(*year))
    assert life().cover() == life().cover()


@pytest.mark.parametrize("cut", [1, 17, 100, 364])
def test_day_by_day_is_the_same_as_all_at_once(cut):
    """Cutting the year anywhere loses no payment and doubles none."""
    start, middle = TODAY - timedelta(days=365), TODAY - timedelta(days=cut)
    whole = list(life().payments(start, TODAY))
    parts = [*life().payments(start, middle), *life().payments(middle, TODAY)]

    assert sorted(r["reference"] for r in whole) == sorted(r["reference"] for r in parts)


@pytest.mark.parametrize("person", range(1, 40))
def test_payments_are_plausible(person):
    """Nobody gets back more than was spent; references are unique; every kind is known."""
    rows = list(life(person).payments(TODAY - timedelta(days=365), TODAY))

    assert 8 <= len(rows) <= 45
    assert len({row["reference"] for row in rows}) == len(rows)
    for row in rows:
        assert 0 <= row["paid"] <= row["base"] <= row["spent"]
        assert row["care_on"] < row["paid_on"] <= TODAY
        assert row["kind"] in KINDS
        assert (row["insurer"] is None) == (row["sent_on"] is None)


@pytest.mark.parametrize("age", [3, 15, 17, 18, 40])
def test_nothing_is_kept_from_a_minor(age):
    """Neither a flat-rate share nor a deductible before the 18th birthday."""
    born = TODAY.replace(year=TODAY.year - age - 1, month=3, day=2)
    rows = [
        row
        for person in range(1, 20)
        for row in life(person, born=born).payments(TODAY - timedelta(days=200), TODAY)
    ]
    kept = [row["base"] * row["rate"] // 100 - row["paid"] for row in rows]

    assert any(kept) == (age >= 18)


def test_every_kind_of_care_is_there():
    """The filter of the page has something to find."""
    assert {act.kind for act in ACTS} == set(KINDS)


def test_older_people_see_doctors_more_often():
    """A child, an adult and a senior do not have the same year."""
    year = (TODAY - timedelta(days=365), TODAY)
    adult = sum(len(list(life(n).payments(*year))) for n in range(30))
    senior = sum(len(list(life(n, born=date(1950, 1, 1)).payments(*year))) for n in range(30))

    assert senior > 1.5 * adult


def test_nobody_is_treated_before_birth():
    """A baby's payments begin with the baby."""
    born = date(2026, 1, 15)
    rows = list(life(born=born).payments(TODAY - timedelta(days=365), TODAY))

    assert all(row["care_on"] >= born.replace(day=1) for row in rows)


def test_leaves_belong_to_those_who_work():
    """Named persons have theirs; children and the retired have none."""
    assert life(person=1).leave(TODAY)["until_on"] >= TODAY
    assert life(person=2).leave(TODAY)["until_on"] < TODAY
    for number in range(100, 200):
        assert life(number, born=date(2015, 1, 1)).leave(TODAY) is None
        assert life(number, born=date(1940, 1, 1)).leave(TODAY) is None
    some = [life(number).leave(TODAY) for number in range(100, 300)]
    assert 10 < sum(one is not None for one in some) < 60


@pytest.fixture
def demonstration(space):
    return Demonstration(space, 36)


def count(engine, table):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_nothing_is_made_before_it_is_needed(engine, tenant, demonstration):
    """A start stays fast whatever the population."""
    assert count(engine, PAYMENT) == 0
    demonstration.serve(tenant)

    assert count(engine, PAYMENT) > 8
    assert count(engine, COVER) == 1


def test_the_whole_household_is_served(engine, finding, family, demonstration):
    """S84: children have payments of their own."""
    tenant, _lines = family
    demonstration.serve(tenant)
    members = finding(household, tenant.person_id)
    with engine.connect() as connection:
        persons = set(connection.execute(select(PAYMENT.c.person_id)).scalars())

    assert persons == {one.person_id for one in members}
    assert finding(latest, members, TODAY, 3)["count"] > 8


def test_served_again_changes_nothing(engine, tenant, space, demonstration):
    """By this node, which remembers, or by another, which looks."""
    demonstration.serve(tenant)
    before = count(engine, PAYMENT)
    demonstration.serve(tenant)
    Demonstration(space, 36).serve(tenant)
    Demonstration(space, 99).serve(tenant)

    assert count(engine, PAYMENT) == before


def test_as_time_passes_new_payments_come(engine, tenant, clock, letters, doing, demonstration):
    """Six months later the payments of six months have come, each told to whoever asked."""
    demonstration.serve(tenant)
    before = count(engine, PAYMENT)
    assert letters.all() == []
    doing(choose, tenant.account_id, alert_payment=True)
    clock.now += 182 * DAY
    demonstration.serve(tenant)

    came = count(engine, PAYMENT) - before
    assert came > 3
    assert letters.names() == ["alert_payment"] * came
    clock.now -= 10 * DAY
    demonstration.serve(tenant)
    assert count(engine, PAYMENT) == before + came


def test_a_person_without_record_gets_nothing(engine, population, tenant, demonstration):
    """The registry was replaced and no longer holds the person."""
    population.register(engine, population.other())
    demonstration.serve(tenant)

    assert count(engine, PAYMENT) == 0
    assert count(engine, DELIVERY) == 0
