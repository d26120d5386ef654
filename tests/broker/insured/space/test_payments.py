"""Reimbursements of twelve rolling months (S10, S18, S20, S60, S84)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.space import payments as paid
from broker.insured.space.arrivals import pay
from broker.insured.space.days import a_year_before
from broker.insured.space.household import household
from broker.insured.space.payments import PAGE, Wanted

TODAY = date(2026, 3, 1)


def row(person, number, paid_on=TODAY, **changes):
    return {
        "person_id": int(person),
        "reference": f"{person}-{number}",
        "kind": "consultation",
        "label": "Dr Lenoir",
        "care_on": paid_on - timedelta(days=5),
        "paid_on": paid_on,
        "spent": 3000,
        "base": 3000,
        "rate": 70,
        "paid": 1900,
        "insurer": None,
        "sent_on": None,
        **changes,
    }


@pytest.fixture
def ledger(doing, finding, space):
    """Pays rows, then reads what a person sees."""

    class Ledger:
        def pay(self, *rows):
            return doing(pay, space, rows)

        def seen(self, person, today=TODAY, **wanted):
            members = finding(household, person)
            return finding(paid.payments, members, today, Wanted(**wanted))

        def members(self, person):
            return finding(household, person)

    return Ledger()


def test_a_year_is_shown_and_not_a_day_more(ledger, tenant):
    """Twelve rolling months, both ends included; tomorrow's payment is not there yet."""
    days = [date(2025, 2, 28), date(2025, 3, 1), date(2025, 9, 9), TODAY, date(2026, 3, 2)]
    ledger.pay(*(row(tenant.person_id, n, day) for n, day in enumerate(days)))
    found = ledger.seen(tenant.person_id)

    assert [one["paid_on"] for one in found["payments"]] == [
        "2026-03-01",
        "2025-09-09",
        "2025-03-01",
    ]
    assert found["total"] == 3 * 1900
    assert found["window"] == {"since": "2025-03-01", "until": "2026-03-01"}


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, {1, 2, 3}),
        ({"kind": "pharmacy"}, {2}),
        ({"kind": "dental"}, set()),
        ({"since": date(2026, 1, 1)}, {2, 3}),
        ({"until": date(2025, 12, 31)}, {1}),
        ({"since": date(2026, 2, 1), "kind": "pharmacy"}, set()),
        ({"since": date(1990, 1, 1), "until": date(2090, 1, 1)}, {1, 2, 3}),
        ({"since": date(2026, 2, 1), "until": date(2025, 12, 1)}, {2}),
        ({"place": 0}, {1, 2, 3}),
        ({"place": 7}, set()),
    ],
)
def test_filters_narrow_what_is_shown(ledger, tenant, wanted, numbers):
    """By period, by kind and by beneficiary; an impossible period is brought back into the year."""
    ledger.pay(
        row(tenant.person_id, 1, date(2025, 6, 1)),
        row(tenant.person_id, 2, date(2026, 1, 15), kind="pharmacy"),
        row(tenant.person_id, 3, TODAY),
    )
    found = ledger.seen(tenant.person_id, **wanted)

    assert {int(one["reference"].split("-")[1]) for one in found["payments"]} == numbers
    assert found["count"] == len(numbers)
    assert found["total"] == 1900 * len(numbers)


def test_care_of_a_child_is_shown_to_the_parent(ledger, family):
    """S84: with the child's first name, and in the parent's total."""
    tenant, (_claire, child, _grown) = family
    ledger.pay(row(child.number, 1, paid=1000), row(tenant.person_id, 2))
    found = ledger.seen(tenant.person_id)

    assert found["total"] == 2900
    assert {one["place"] for one in found["payments"]} == {0, 2}
    assert found["household"][2] == {"place": 2, "name": "Léo", "holder": False}


def test_care_from_the_sixteenth_birthday_on_is_the_childs_alone(ledger, family):
    """What was given before stays with the parent: a statement that was read does not change."""
    tenant, (_claire, _child, grown) = family
    ledger.pay(
        row(grown.number, 1, TODAY, care_on=date(2026, 2, 27)),
        row(grown.number, 2, TODAY, care_on=date(2026, 2, 28)),
    )

    assert [one["reference"] for one in ledger.seen(tenant.person_id)["payments"]] == [
        f"{grown.number}-1"
    ]
    assert ledger.seen(int(grown.number))["count"] == 2


def test_nobody_sees_a_neighbours_payments(ledger, engine, population, claire, open_account):
    """Another person's care is never in the list, nor in the sum."""
    other = population.other()
    population.register(engine, claire, other)
    ledger.pay(row(other.number, 1), row(claire.number, 2))

    assert ledger.seen(int(claire.number))["count"] == 1


def test_long_lists_come_in_pages(ledger, tenant):
    """A hundred at a time; totals are those of all pages."""
    ledger.pay(*(row(tenant.person_id, n, TODAY - timedelta(days=n % 300)) for n in range(230)))
    pages = [ledger.seen(tenant.person_id, page=n) for n in (1, 2, 3, 4)]

    assert [len(one["payments"]) for one in pages] == [PAGE, PAGE, 30, 0]
    assert {one["pages"] for one in pages} == {3}
    assert {one["total"] for one in pages} == {230 * 1900}
    assert len({p["reference"] for one in pages for p in one["payments"]}) == 230


def test_a_payment_delivered_twice_is_one(ledger, tenant):
    """The payer's reference is unique."""
    assert ledger.pay(row(tenant.person_id, 1)) == 1
    assert ledger.pay(row(tenant.person_id, 1), row(tenant.person_id, 2)) == 1
    assert ledger.seen(tenant.person_id)["count"] == 2


def test_whether_the_complementary_insurer_has_it_is_told(ledger, tenant):
    """S149: sent, being sent, or no insurer at all; what leaves in two days is not there yet."""
    ledger.pay(
        row(tenant.person_id, 1, insurer="Mutuelle Exemple", sent_on=TODAY),
        row(tenant.person_id, 2, insurer="Mutuelle Exemple"),
        row(tenant.person_id, 3),
        row(tenant.person_id, 4, insurer="Mutuelle Exemple", sent_on=TODAY + timedelta(days=2)),
    )
    told = {
        one["reference"][-1]: (one["insurer"], one["sent_on"])
        for one in ledger.seen(tenant.person_id)["payments"]
    }

    assert told == {
        "1": ("Mutuelle Exemple", "2026-03-01"),
        "2": ("Mutuelle Exemple", None),
        "3": (None, None),
        "4": ("Mutuelle Exemple", None),
    }


def test_twelve_calendar_months_have_a_statement(finding, ledger, tenant):
    """The current month and the eleven before it; empty ones are counted too."""
    ledger.pay(row(tenant.person_id, 1, date(2025, 4, 1)), row(tenant.person_id, 2, TODAY))
    months = finding(paid.months, ledger.members(tenant.person_id), TODAY)["months"]

    assert [one["month"] for one in months][:2] == ["2026-03", "2026-02"]
    assert (len(months), months[-1]["month"]) == (12, "2025-04")
    assert (months[0]["total"], months[-1]["total"], months[5]["count"]) == (1900, 1900, 0)


def test_a_statement_tells_one_month_oldest_first(finding, ledger, tenant):
    """S18: every payment of the month, and only those."""
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), TODAY]
    ledger.pay(*(row(tenant.person_id, n, day) for n, day in enumerate(days)))
    found = finding(paid.statement, ledger.members(tenant.person_id), TODAY, "2026-02")

    assert [one["paid_on"] for one in found["payments"]] == ["2026-02-01", "2026-02-28"]
    assert (found["total"], found["spent"]) == (3800, 6000)


@pytest.mark.parametrize("month", ["2025-03", "2026-04", "2026-13", "", "x", "2026-2"])
def test_other_months_have_none(finding, ledger, tenant, month):
    """Neither older, nor to come, nor nonsense."""
    assert finding(paid.statement, ledger.members(tenant.person_id), TODAY, month) is None


def test_the_first_page_has_the_last_payments_and_the_sum_of_the_year(finding, ledger, tenant):
    """S60: three lines and a total, whatever the number of payments."""
    ledger.pay(*(row(tenant.person_id, n, TODAY - timedelta(days=n)) for n in range(5)))
    ledger.pay(row(tenant.person_id, 9, date(2024, 1, 1)))
    found = finding(paid.latest, ledger.members(tenant.person_id), TODAY, 3)

    assert (found["count"], found["total"]) == (5, 5 * 1900)
    assert [one["paid_on"] for one in found["latest"]] == ["2026-03-01", "2026-02-28", "2026-02-27"]


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_twelve_months_are_a_year_whatever_the_day(today):
    """Leap days included, the window is 365 or 366 days long."""
    assert (today - a_year_before(today)).days in {365, 366}
    assert len(paid._month_names(today)) == len(set(paid._month_names(today))) == 12
