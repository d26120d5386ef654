"""Every code of the insurer has its words; an unknown one is shown as it came."""

import pytest
from flask import Flask, g
from flask_babel import Babel

from broker.insured.accounts.facts import AccountBar
from broker.insured.desk.words import Act, Question, Reason
from broker.insured.matching.outcomes import Outcome
from broker.insured.matching.traits import Likeness, Trait
from broker.insured.space.messages import TOPICS
from providers.identity import Gender
from relying_party_demo.desk import words
from relying_party_demo.desk.phrases import born, done, number_form, of_whom, said
from relying_party_demo.desk.words import field_fault, word

# Explained in full on the page of the refusal: no case is opened for these.
EXPLAINED = {Outcome.UNDER_16, Outcome.NO_RIGHTS, Outcome.TEMPORARY_NUMBER}
LINKS = {Outcome.EXACT, Outcome.TOLERANT, Outcome.EMAIL_CONFLICT}


@pytest.fixture(autouse=True)
def french():
    """Sentences are translated within a request."""
    app = Flask("words")
    app.config["LANGUAGE_COOKIE"] = "language"
    Babel(app, default_locale="en")
    with app.test_request_context("/?lang=en"):
        yield


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        (words.REASONS, set(Reason)),
        (words.ACTS, set(Act)),
        (words.QUESTIONS, set(Question)),
        (words.MEANINGS, set(words.OUTCOMES)),
        (words.TRAITS, set(Trait)),
        (words.LIKENESSES, set(Likeness) - {Likeness.EQUAL, Likeness.DIFFERENT}),
        (words.OUTCOMES, (set(Outcome) - EXPLAINED - LINKS) | set(AccountBar)),
        (words.TOPICS, set(TOPICS)),
        (words.GENDERS, set(Gender)),
        (
            words.STATES,
            {"pending", "active", "locked", "deactivated", "closed", "replaced"},
        ),
        (words.CODE_STATES, {"posted", "used", "dead", "replaced"}),
        (words.ORIGINS, {"federation", "classic", "advisor"}),
    ],
)
def test_each_code_has_its_words_and_no_other(known, codes):
    """The two rooms share no code: this is where they agree."""
    assert set(known) == {str(code) for code in codes}


def test_an_unknown_code_is_shown_as_it_came():
    """A newer insurer does not break the page."""
    assert word(words.REASONS, "something_new") == "something_new"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1985-03-27", "27 March 1985"),
        ("1985-03-00", "March 1985"),
        ("1985-00-00", "1985"),
        ("1985-02-30", "1985-02-30"),
        ("", ""),
        ("soon", "soon"),
    ],
)
def test_a_birth_is_read_as_far_as_it_is_known(text, read):
    """The registry keeps incomplete dates incomplete."""
    assert born(text) == read


@pytest.mark.parametrize(
    ("field", "rule", "part"),
    [
        ("nir", "key", "key"),
        ("nir", "length", "13 or 15"),
        (
            "birthplace",
            "several: 93066 (Seine-Saint-Denis), 97411 (La Réunion)",
            "93066 (Seine-Saint-Denis), 97411 (La Réunion)",
        ),
        ("birthplace", "unknown", "No commune"),
        ("family_name", "too_little", "two of"),
        ("note", "500 characters at most", "500"),
        ("mobile", "malformed", "mobile"),
        ("mobile", "unchanged", "already"),
        ("questions", "too_few", "Three"),
        ("nir", "different", "this file"),
        ("contact", "different", "Neither"),
        ("contact", "missing", "Neither"),
        ("contact", "too_many", "hour"),
    ],
)
def test_a_fault_is_told_for_its_rule(field, rule, part):
    """The sentence of the rule, or the field's own."""
    assert part in str(field_fault(field, rule))


def test_a_fault_of_no_field_has_no_sentence():
    """Something else than the person's typing is wrong."""
    assert field_fault("Idempotency-Key", "16 to 64") is None


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Claire DURAND", "de Claire DURAND"),
        ("Emma PETIT", "d'Emma PETIT"),
        ("Élodie ROUX", "d'Élodie ROUX"),
        ("Œdipe ROI", "d'Œdipe ROI"),
        ("Hélène LEROY", "d'Hélène LEROY"),
        ("Henri MOREL", "d'Henri MOREL"),
        ("Hassan BENALI", "de Hassan BENALI"),
        ("Yves MARTIN", "d'Yves MARTIN"),
        ("Yanis MARTIN", "de Yanis MARTIN"),
        ("", "de "),
    ],
)
def test_a_file_is_of_somebody_as_french_says_it(name, written):
    """Elided before a vowel and a silent H; English has one word for all."""
    assert of_whom(name) == f"of {name}"
    g.language = "fr"
    assert of_whom(name) == written


def test_what_was_searched_is_read_again_in_words():
    """A date as people say it, the sex by its name, no number."""
    asked = {"birthdate": "1985-03-27", "gender": "female", "nir": "•", "family_name": "Durand"}

    assert said({**asked, "birthplace": ""}) == "Durand, 27 March 1985, female"
    assert said({"nir": "•"}) == ""


def test_a_proof_names_its_questions():
    """Which were asked stands in the history; an unknown one is shown as it came."""
    assert done("unlocked") == "account unlocked"
    assert done("caller_verified:nir,new") == "caller verified (the social security number, new)"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (" 7k4m 2qxp ", "7K4M-2QXP"),
        ("7K4M-2QXP", "7K4M-2QXP"),
        ("b0401", "B0401"),
        ("B O4 o1", "B0401"),
        ("b-04-01", "B0401"),
        ("7k4", "7K4"),
        ("", ""),
    ],
)
def test_a_number_is_printed_in_one_spelling(typed, printed):
    """However it was spelt over the telephone."""
    assert number_form(typed) == printed
