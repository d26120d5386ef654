"""Daily benefits of a sick leave (S15, S154): waiting days, half the wage, a ceiling."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.space.arrivals import receive_leaves
from broker.insured.space.benefits import PERIOD_DAYS, WAITING_DAYS, daily_benefit, instalments
from broker.insured.space.leaves import leaves

WAGES = 3 * 200_000  # three months at 2,000 euros


@pytest.mark.parametrize(
    ("monthly", "daily"),
    [
        (200_000, 3287),  # 6,000 / 91.25 / 2 = 32.87
        (100_000, 1643),
        (0, 0),
        (255_224, 4195),  # the ceiling of 2026: 1.4 times the minimum wage
        (400_000, 4195),
        (10_000_000, 4195),
    ],
)
def test_half_of_the_daily_wage_up_to_the_ceiling(monthly, daily):
    """The last three monthly wages over 91.25 days, each counted up to the ceiling."""
    assert daily_benefit(3 * monthly) == daily


@pytest.mark.parametrize(
    ("days", "paid_days"), [(1, []), (3, []), (4, [1]), (17, [14]), (18, [14, 1]), (31, [14, 14])]
)
def test_three_days_wait_then_two_weeks_at_a_time(days, paid_days):
    """A leave of three days gives nothing; the fourth is the first paid."""
    start = date(2026, 2, 1)
    parts = instalments(start, start + timedelta(days=days - 1), WAGES)

    assert [one.days for one in parts] == paid_days
    assert all(one.amount == one.days * daily_benefit(WAGES) for one in parts)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 400),
    st.integers(0, 5_000_000),
)
def test_every_day_after_the_waiting_ones_is_paid_once(start, more, wages):
    """Instalments follow one another without gap, and none is longer than two weeks."""
    end = start + timedelta(days=more)
    parts = instalments(start, end, wages)

    assert sum(one.days for one in parts) == max(0, more + 1 - WAITING_DAYS)
    assert all(1 <= one.days <= PERIOD_DAYS for one in parts)
    for before, after in pairwise(parts):
        assert after.from_on == before.paid_on
    if parts:
        assert parts[0].from_on == start + timedelta(days=WAITING_DAYS)
        assert parts[-1].until_on == end


def leave(person, number, from_on, until_on):
    return {
        "person_id": int(person),
        "reference": f"AT-{number}",
        "from_on": from_on,
        "until_on": until_on,
        "received_on": from_on + timedelta(days=1),
        "wages": WAGES,
    }


def test_a_leave_under_way_tells_what_was_paid_and_what_comes(doing, finding, tenant):
    """Today decides: an instalment is paid once its day has come."""
    row = leave(tenant.person_id, 1, date(2026, 2, 10), date(2026, 3, 20))
    assert doing(receive_leaves, [row]) == 1
    assert doing(receive_leaves, [row]) == 0
    (told,) = finding(leaves, tenant.person_id, date(2026, 3, 1))

    assert told["ongoing"]
    assert (told["days"], told["waiting_until"]) == (39, "2026-02-12")
    assert [one["paid"] for one in told["instalments"]] == [True, False, False]
    assert told["paid"] == 14 * 3287
    assert told["expected"] == 36 * 3287


def test_leaves_of_three_years_are_told_the_latest_first(doing, finding, tenant):
    """Older ones are left out; an ended one is not under way."""
    doing(
        receive_leaves,
        [
            leave(tenant.person_id, 1, date(2022, 1, 1), date(2022, 2, 1)),
            leave(tenant.person_id, 2, date(2024, 5, 1), date(2024, 5, 9)),
            leave(tenant.person_id, 3, date(2025, 5, 1), date(2025, 5, 2)),
        ],
    )
    told = finding(leaves, tenant.person_id, date(2026, 3, 1))

    assert [one["reference"] for one in told] == ["AT-3", "AT-2"]
    assert not any(one["ongoing"] for one in told)
    assert told[0]["waiting_until"] == "2025-05-02"
    assert told[0]["expected"] == 0
