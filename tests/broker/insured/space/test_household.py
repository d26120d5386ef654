"""Whose care is shown in an account (S84, S85)."""

from datetime import date

import pytest

from broker.insured.space.household import household


def test_the_holder_comes_first_then_the_children_by_age(finding, family):
    """Place 0 is the holder; the eldest child is 1."""
    tenant, _lines = family
    members = finding(household, tenant.person_id)

    assert [one.given_name for one in members] == ["Claire", "Ève", "Léo"]
    assert [one.place for one in members] == [0, 1, 2]
    assert [one.holder for one in members] == [True, False, False]


@pytest.mark.parametrize(
    ("day", "minor"),
    [(date(2026, 2, 27), True), (date(2026, 2, 28), False), (date(2026, 3, 1), False)],
)
def test_the_day_of_the_sixteenth_birthday_is_no_longer_a_minors(finding, family, day, minor):
    """S85: the birthday itself counts."""
    tenant, _lines = family
    eve = finding(household, tenant.person_id)[1]

    assert eve.minor(day) is minor


def test_an_unknown_day_of_birth_is_the_last_possible_one(engine, finding, population, claire):
    """A presumed date never makes a child grown up too early."""
    child = population.other(birthdate="2010-00-00", presumed="1", parent=claire.number)
    population.register(engine, claire, child)

    assert finding(household, int(claire.number))[1].adult_on == date(2026, 12, 31)


def test_a_holder_without_record_has_no_name(finding, tenant):
    """A registry that lost somebody loses no page."""
    assert finding(household, 424242)[0].given_name == ""


def test_the_children_are_found_by_their_index(engine, family):
    """A registry of sixty million is not read from end to end for one parent."""
    tenant, _lines = family
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.exec_driver_sql("SET enable_seqscan = off")
        plan = connection.exec_driver_sql(
            f"{explain} SELECT person_id FROM registry.person WHERE parent_id = {tenant.person_id}"
        ).all()

    assert "person_by_parent" in str(plan)


def test_a_first_name_in_capitals_is_told_as_people_write_it(finding, engine, population, claire):
    """`MARIE-CHRISTINE` is how a registry writes it; a name with small letters is left alone."""
    child = population.other(given_names="MARIE-CHRISTINE|ANNE", parent=claire.number)
    population.register(engine, claire, child)

    assert [one.given_name for one in finding(household, int(claire.number))] == [
        "Claire",
        "Marie-Christine",
    ]
