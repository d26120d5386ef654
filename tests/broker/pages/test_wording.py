"""Values as a person reads them."""

from datetime import date

import pytest
from babel.dates import format_date

from broker.screens.wording import (
    date_in_words,
    day_in_words,
    gender_in_words,
    label_of,
    place_in_words,
)
from providers.identity import Gender, PartialDate

CLAIMS = [
    "given_name",
    "given_name_array",
    "family_name",
    "birthdate",
    "gender",
    "preferred_username",
    "birthplace",
    "birthcountry",
    "email",
    "idp_id",
    "idp_birthdate",
    "amr",
    "account_id",
    "account_status",
    "match",
]


@pytest.fixture
def speaking(gallery):
    """What a function says in a language."""

    def said(language, function, *values):
        headers = {"Cookie": f"passerelle_lang={language}"}
        with gallery.test_request_context("/screen/any", headers=headers):
            return function(*values)

    return said


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("fr", "1985-03-27", "27 mars 1985"),
        ("en", "1985-03-27", "27 March 1985"),
        ("fr", "1985-01-01", "1er janvier 1985"),
        ("en", "1985-01-01", "1 January 1985"),
        ("fr", "1946-08-00", "août 1946 (jour inconnu)"),
        ("en", "1946-08-00", "August 1946 (day unknown)"),
        ("fr", "1946-00-00", "1946 (jour et mois inconnus)"),
        ("en", "1946-00-00", "1946 (day and month unknown)"),
        ("fr", "2000-02-29", "29 février 2000"),
    ],
)
def test_a_birth_is_told_in_words(speaking, language, text, words):
    """What is unknown is said to be."""
    assert speaking(language, date_in_words, PartialDate.parse(text)) == words


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "lundi 30 novembre"), ("en", "Monday 30 November")]
)
def test_a_near_day_is_told_by_its_name(speaking, language, words):
    """The day the telephone line opens."""
    assert speaking(language, day_in_words, date(2026, 11, 30)) == words


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("month", range(1, 13))
def test_days_and_months_are_called_as_the_languages_call_them(speaking, language, month):
    """The words we wrote out are those of the Unicode consortium."""
    for day in range(1, 8):
        shown = speaking(language, day_in_words, date(2026, month, day))
        first = "1er" if (day, language) == (1, "fr") else day
        wanted = f"EEEE '{first}' MMMM"
        assert shown == format_date(date(2026, month, day), wanted, locale=language)


@pytest.mark.parametrize(
    ("language", "gender", "word"),
    [
        ("fr", Gender.FEMALE, "Féminin"),
        ("fr", Gender.MALE, "Masculin"),
        ("fr", Gender.UNSPECIFIED, "Non indiqué"),
        ("en", Gender.FEMALE, "Female"),
        ("en", Gender.MALE, "Male"),
        ("en", Gender.UNSPECIFIED, "Not stated"),
    ],
)
def test_a_sex_is_told_in_words(speaking, language, gender, word):
    """Never the code."""
    assert speaking(language, gender_in_words, gender) == word


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_claim_of_the_contract_has_a_name(speaking, claim):
    """In both languages, and never its name in the protocol."""
    labels = {language: speaking(language, label_of, claim) for language in ("fr", "en")}

    assert claim not in labels.values()
    assert labels["fr"] != labels["en"]


def test_a_claim_we_do_not_know_keeps_its_name(speaking):
    """Better than nothing at all."""
    assert speaking("fr", label_of, "shoe_size") == "shoe_size"


def test_a_town_is_told_with_its_code():
    """The code tells apart two towns of one name."""
    assert place_in_words("Lyon 3e", "69383") == "Lyon 3e (69383)"
    assert place_in_words(None, "69383") == "69383"
