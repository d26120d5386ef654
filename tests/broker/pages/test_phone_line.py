"""The 36 46: Monday to Friday, 8:30 to 17:30 in Paris, except on public holidays."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.screens.phone_line import phone_line
from broker.screens.screen import PARIS


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24 08:29:59", False),
        ("2026-11-24 08:30:00", True),
        ("2026-11-24 17:29:59", True),
        ("2026-11-24 17:30:00", False),
        ("2026-11-28 10:00", False),  # Saturday
        ("2026-11-29 10:00", False),  # Sunday
        ("2026-11-11 10:00", False),  # Armistice, a Wednesday
        ("2026-04-06 10:00", False),  # Easter Monday
        ("2026-05-14 10:00", False),  # Ascension
        ("2026-05-25 10:00", False),  # Whit Monday
        ("2026-12-25 10:00", False),
        ("2026-07-14 10:00", False),
        ("2026-05-15 10:00", True),  # the bridge after Ascension is a working day
        ("2026-12-26 10:00", False),  # a Saturday; a holiday in Alsace only
        ("2026-04-03 10:00", True),  # Good Friday: a holiday in Alsace only
    ],
)
def test_the_line_keeps_its_hours(moment, is_open):
    """S98 and S165, to the second."""
    assert phone_line(at(moment)).is_open is is_open


@pytest.mark.parametrize(
    ("moment", "opens", "today"),
    [
        ("2026-11-24 06:00", "2026-11-24 08:30", True),
        ("2026-11-24 18:00", "2026-11-25 08:30", False),
        ("2026-11-27 18:00", "2026-11-30 08:30", False),  # Friday evening
        ("2026-11-28 07:00", "2026-11-30 08:30", False),  # Saturday morning
        ("2026-11-10 17:30", "2026-11-12 08:30", False),  # the eve of a holiday
        ("2026-12-31 20:00", "2027-01-04 08:30", False),  # over the new year
        ("2026-03-27 18:00", "2026-03-30 08:30", False),  # the clocks change that week-end
    ],
)
def test_a_closed_line_says_when_it_opens(moment, opens, today):
    """The next working day, by the clock of Paris."""
    line = phone_line(at(moment))

    assert line.opens_at.strftime("%Y-%m-%d %H:%M") == opens
    assert line.today is today


@given(st.integers(at("2020-01-01").__int__(), at("2040-01-01").__int__()))
def test_a_closed_line_opens_at_the_time_it_says(now):
    """Whenever one calls, the promised moment is open and in the next week."""
    line = phone_line(float(now))

    assert phone_line(line.opens_at.timestamp()).is_open
    if not line.is_open:
        assert now < line.opens_at.timestamp() < now + 6 * 86_400
