"""Dates and hours as people read them."""

from datetime import UTC, date, datetime

import pytest

from relying_party_demo.pages.moments import clock_time, day, moment, weekday


@pytest.fixture
def spoken(reader):
    """Words in one language: `spoken("en", day, date(...))`."""

    def say(language, words, when):
        with reader.app.test_request_context(f"/?lang={language}"):
            return words(when)

    return say


@pytest.mark.parametrize(
    ("words", "when", "french", "english"),
    [
        (day, date(1985, 3, 27), "27 mars 1985", "27 March 1985"),
        (day, date(2026, 5, 1), "1er mai 2026", "1 May 2026"),
        (day, date(2026, 5, 11), "11 mai 2026", "11 May 2026"),
        (weekday, date(2026, 12, 1), "mardi 1er décembre 2026", "Tuesday 1 December 2026"),
        (weekday, date(2026, 12, 24), "jeudi 24 décembre 2026", "Thursday 24 December 2026"),
        (clock_time, datetime(2026, 7, 1, 6, 5, tzinfo=UTC), "08:05", "08:05"),
        (clock_time, 1_795_518_000.0, "12:00", "12:00"),
        (
            moment,
            datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
            "1er janvier 2027 à 00:30",
            "1 January 2027 at 00:30",
        ),
    ],
)
def test_moments_are_in_paris_time_and_in_words(spoken, words, when, french, english):
    """No date in figures, the first of a month as the French write it, summer time counted."""
    assert spoken("fr", words, when) == french
    assert spoken("en", words, when) == english


def test_the_day_of_a_moment_is_that_of_paris(spoken):
    """An account opened late in the evening in London was opened the next day in Paris."""
    assert spoken("fr", day, datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "1er juillet 2026"
