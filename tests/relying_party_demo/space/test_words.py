"""Dates, partial or not, as people read them in both languages."""

from datetime import date

import pytest

from relying_party_demo.space.words import birth, born_on, of_month
from tests.space_answers import answers

PARTIAL = [
    ("1972-05-00", "mai 1972 (jour inconnu)", "May 1972 (day unknown)"),
    ("1972-05", "mai 1972 (jour inconnu)", "May 1972 (day unknown)"),
    ("1972-00-00", "1972 (jour et mois inconnus)", "1972 (day and month unknown)"),
    ("1972", "1972 (jour et mois inconnus)", "1972 (day and month unknown)"),
    ("", "", ""),
    ("1972-13-00", "1972-13-00", "1972-13-00"),
    ("0000-00-00", "0000-00-00", "0000-00-00"),
    ("x", "x", "x"),
]


@pytest.fixture
def speaking(shared):
    """`speaking("fr")`: within a page of this language."""
    return lambda language: shared[0].test_request_context(
        "/", headers={"Accept-Language": language}
    )


@pytest.mark.parametrize(("when", "french", "english"), PARTIAL)
def test_a_partial_birth_date_says_what_is_not_known(speaking, when, french, english):
    """Nothing of it is raw; what is no date at all stays as it came."""
    for language, said in (("fr", french), ("en", english)):
        with speaking(language):
            assert birth(when) == said


@pytest.mark.parametrize(
    ("when", "french", "english"),
    [
        (date(2016, 1, 5), "né(e) le 5 janvier 2016", "born on 5 January 2016"),
        ("1972-05-00", "né(e) en mai 1972 (jour inconnu)", "born in May 1972 (day unknown)"),
        (
            "1972-00-00",
            "né(e) en 1972 (jour et mois inconnus)",
            "born in 1972 (day and month unknown)",
        ),
    ],
)
def test_a_birth_date_fits_its_sentence(speaking, when, french, english):
    """A day is `le`, a month or a year is `en`."""
    for language, said in (("fr", french), ("en", english)):
        with speaking(language):
            assert born_on(when) == said


@pytest.mark.parametrize("month", range(1, 13))
def test_no_month_is_named_with_two_vowels_in_a_row(speaking, month):
    """`de octobre` is said nowhere."""
    with speaking("fr"):
        name = of_month(date(2026, month, 1))

    assert name.startswith("d'") == (month in {4, 8, 10})


def test_every_page_tells_a_partial_birth_date_in_words(member):
    """The first page, and the certificate in its two forms."""
    said = "mai 1972 (jour inconnu)"
    holder = {**answers()["POST certificates"]["holder"], "birthdate": "1972-05-00"}
    member.broker.space["POST certificates"] |= {"holder": holder}
    member.broker.lies["account"] = lambda account: {
        **account,
        "holder": {**account["holder"], "birthdate": "1972-05-00"},
    }
    form = {"forme": "page"}
    certificate = member.send("/mon-compte/attestation", form, at="/mon-compte/droits").text

    assert said in member.page("/mon-compte")
    assert said in certificate.replace("\N{NO-BREAK SPACE}", " ")
