"""The desk opens as the portal says it does, whenever one looks."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.desk.hours import OVERTIME_SECONDS, is_open, may_go_on
from relying_party_demo.portal.opening import opening

PARIS = ZoneInfo("Europe/Paris")
MOMENTS = [
    ("2026-03-02T08:29:59", False),
    ("2026-03-02T08:30:00", True),
    ("2026-03-02T17:29:59", True),
    ("2026-03-02T17:30:00", False),
    ("2026-03-02T00:00:00", False),
    ("2026-03-06T12:00:00", True),  # Friday
    ("2026-03-07T12:00:00", False),  # Saturday
    ("2026-03-08T12:00:00", False),  # Sunday
    ("2026-01-01T12:00:00", False),  # New Year
    ("2026-04-06T12:00:00", False),  # Easter Monday
    ("2026-05-01T12:00:00", False),  # Labour Day, a Friday
    ("2026-05-08T12:00:00", False),  # Victory Day
    ("2026-05-14T12:00:00", False),  # Ascension
    ("2026-05-25T12:00:00", False),  # Whit Monday
    ("2026-07-14T12:00:00", False),  # the national day
    ("2026-11-11T12:00:00", False),  # Armistice
    ("2026-12-25T12:00:00", False),  # Christmas
    ("2026-12-24T12:00:00", True),  # Christmas Eve is a working day
    ("2026-03-30T08:30:00", True),  # the day after the clocks went forward
    ("2026-10-26T08:30:00", True),  # the day after they went back
]


def seconds(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


@pytest.mark.parametrize(("text", "expected"), MOMENTS)
def test_the_desk_is_open_on_working_days_from_half_past_eight(text, expected):
    """S98, S165, in Paris time and with the public holidays of mainland France."""
    assert is_open(seconds(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T17:30:00", True),
        ("2026-03-02T17:59:59", True),
        ("2026-03-02T18:00:00", False),
        ("2026-03-02T08:29:59", False),
        ("2026-03-07T12:00:00", False),
    ],
)
def test_a_call_may_be_finished_in_half_an_hour(text, expected):
    """After closing time, never before opening."""
    assert OVERTIME_SECONDS == 1800
    assert may_go_on(seconds(text)) is expected


@given(st.floats(min_value=1_577_836_800, max_value=2_208_988_800))
def test_the_broker_and_the_portal_agree(moment):
    """From 2020 to 2040: the two rooms share no code, and the same hours."""
    assert is_open(moment) is opening(moment).now


@given(st.floats(min_value=1_577_836_800, max_value=2_208_988_800))
def test_whoever_may_come_in_may_go_on(moment):
    """An open desk sends nobody home."""
    assert may_go_on(moment) or not is_open(moment)
