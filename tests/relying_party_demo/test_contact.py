"""Reaching an advisor: hours, holidays, and the three ways."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relying_party_demo.portal.opening import (
    PARIS,
    after_working_days,
    holiday_name,
    opening,
    working_day,
    works,
)


def at(text):
    """Unix seconds of a moment in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


@pytest.mark.parametrize(
    ("moment", "until", "again"),
    [
        ("2026-11-24T08:29:59", None, "2026-11-24T08:30"),
        ("2026-11-24T08:30:00", "2026-11-24T17:30", None),
        ("2026-11-24T17:29:59", "2026-11-24T17:30", None),
        ("2026-11-24T17:30:00", None, "2026-11-25T08:30"),
        ("2026-11-27T18:00:00", None, "2026-11-30T08:30"),
        ("2026-11-28T10:00:00", None, "2026-11-30T08:30"),
        ("2026-12-24T18:00:00", None, "2026-12-28T08:30"),
        ("2026-12-25T10:00:00", None, "2026-12-28T08:30"),
        ("2026-05-14T10:00:00", None, "2026-05-15T08:30"),
        ("2026-12-31T20:00:00", None, "2027-01-04T08:30"),
        ("2026-07-14T08:00:00", None, "2026-07-15T08:30"),
        ("2026-06-30T09:00:00", "2026-06-30T17:30", None),
    ],
)
def test_advisors_answer_on_working_days_from_half_past_eight(moment, until, again):
    """S98, S165: Monday to Friday 8:30-17:30 Paris time, summer and winter, never on a holiday."""
    now = opening(at(moment))

    assert now.now is (until is not None)
    assert (now.until and now.until.isoformat()[:16]) == until
    assert (now.again and now.again.isoformat()[:16]) == again


@given(st.integers(0, 4_000_000_000))
def test_either_somebody_answers_or_one_knows_when(seconds):
    """At any moment there is a closing to come or an opening to come, on a working day."""
    now = opening(seconds)
    coming = now.until or now.again

    assert (now.until is None) != (now.again is None)
    assert coming.timestamp() > seconds
    assert works(coming.date())
    assert now.closed_on.weekday() < 5


@pytest.mark.parametrize(
    ("day", "fr", "en"),
    [
        ("2026-12-25", "Noël", "Christmas Day"),
        ("2027-01-01", "Jour de l'an", "New Year's Day"),
        ("2026-04-06", "Lundi de Pâques", "Easter Monday"),
    ],
)
def test_a_holiday_has_its_name_in_both_languages(day, fr, en):
    """The page says why nobody answers."""
    when = date.fromisoformat(day)

    assert (holiday_name(when, "fr"), holiday_name(when, "en")) == (fr, en)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-24", 3, "2026-11-27"),
        ("2026-11-24", 5, "2026-12-01"),
        ("2026-12-23", 2, "2026-12-28"),
        ("2026-04-30", 1, "2026-05-04"),
        ("2026-11-28", 1, "2026-11-30"),
    ],
)
def test_working_days_skip_weekends_and_holidays(start, count, end):
    """S168: three to five working days, counted from the day after."""
    assert after_working_days(date.fromisoformat(start), count) == date.fromisoformat(end)


def test_a_working_day_is_its_own_first():
    """Counting starts where one stands."""
    assert working_day(date(2026, 11, 24)) == date(2026, 11, 24)
    assert working_day(date(2026, 11, 1)) == date(2026, 11, 2)


def plain(page):
    return page.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_contact_page_names_the_three_ways(portal):
    """S164-S171, S101: phone, price, hours, what for; the form and its delay; what to bring."""
    page = plain(portal.get("/contact"))

    for text in (
        "36 46",
        "Service gratuit + prix d'un appel.",
        "Du lundi au vendredi, de 8 h 30 à 17 h 30",
        "vous aider à créer votre compte",
        "débloquer une situation",
        "mettre à jour vos coordonnées",
        "www.ameli.fr/contact",
        "sous 3 à 5 jours ouvrés",
        "n'est pas urgente, ou pour demander un document",
        "Adresses et contacts",
        "votre carte Vitale",
        "une pièce d'identité",
        "votre RIB",
        "tout justificatif",
    ):
        assert text in page


def test_the_contact_page_follows_the_clock(portal, clock):
    """Open at noon, closed in the evening, and the delay of an answer moves with the day."""
    page = plain(portal.get("/contact"))
    assert "Un conseiller répond maintenant, jusqu'à 17:30." in page
    assert "entre le vendredi 27 novembre 2026 et le mardi 1er décembre 2026" in page
    assert "fermé le vendredi 25 décembre 2026 (Noël)" in page

    clock.now = at("2026-12-25T10:00:00")
    page = plain(portal.get("/contact"))

    assert (
        "Fermé pour le moment. Un conseiller répond à partir du lundi 28 décembre 2026 à 08:30."
        in page
    )
    assert "entre le mercredi 30 décembre 2026 et le lundi 4 janvier 2027" in page


def test_the_contact_page_exists_in_english(portal):
    """The same facts, in English words and English dates."""
    page = plain(portal.get("/contact?lang=en"))

    assert "An advisor answers now, until 17:30." in page
    assert "closed on Friday 25 December 2026 (Christmas Day)" in page
    assert "between Friday 27 November 2026 and Tuesday 1 December 2026" in page
