"""Working days: Monday to Friday without the public holidays of mainland France."""

from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from broker.working_days import after_working_days, is_working_day

HOLIDAYS_OF_2026 = [
    "2026-01-01",
    "2026-04-06",
    "2026-05-01",
    "2026-05-08",
    "2026-05-14",
    "2026-05-25",
    "2026-07-14",
    "2026-08-15",
    "2026-11-01",
    "2026-11-11",
    "2026-12-25",
]
DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))


def test_the_public_holidays_of_a_year_are_the_eleven_of_the_law():
    """Code du travail, article L3133-1; neither Good Friday nor Saint Stephen's Day."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    weekdays = [day for day in days if day.weekday() < 5]
    closed = {str(day) for day in weekdays if not is_working_day(day)}

    assert closed == {day for day in HOLIDAYS_OF_2026 if date.fromisoformat(day).weekday() < 5}


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-03-07", 1, "2026-03-09"),
        ("2026-05-13", 1, "2026-05-15"),
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_working_days_are_counted_after_the_day(day, count, reached):
    """The day itself does not count, nor do week-ends and holidays."""
    assert after_working_days(date.fromisoformat(day), count) == date.fromisoformat(reached)


@given(DAYS, st.integers(1, 10))
def test_so_many_working_days_lie_between(day, count):
    """By counting them."""
    reached = after_working_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (reached - day).days + 1)]

    assert is_working_day(reached)
    assert sum(map(is_working_day, between)) == count


@pytest.mark.parametrize("year", range(2008, 2101))
def test_the_holidays_of_every_year_are_those_of_the_package(year):
    """Easter moves three of them; three earlier years had no Whit Monday."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = {day for day in days if day.weekday() < 5 and not is_working_day(day)}

    assert closed == {day for day in country_holidays("FR", years=year) if day.weekday() < 5}
