"""Every code of the insurer has its words; an unknown one is shown as it came."""

import pytest
from flask import Flask
from flask_babel import Babel

from broker.insured.accounts.facts import AccountBar
from broker.insured.desk.words import Act, Reason
from broker.insured.matching.outcomes import Outcome
from broker.insured.matching.traits import Likeness, Trait
from broker.insured.space.messages import TOPICS
from providers.identity import Gender
from relying_party_demo.desk import words
from relying_party_demo.desk.words import born, field_fault, word

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
        ("1985-03-00", "1985-03"),
        ("1985-00-00", "1985"),
        ("", ""),
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
        ("birthplace", "several: 93066, 97411", "93066, 97411"),
        ("birthplace", "unknown", "No commune"),
        ("family_name", "too_little", "two of"),
        ("note", "500 characters at most", "500"),
        ("mobile", "malformed", "mobile"),
    ],
)
def test_a_fault_is_told_for_its_rule(field, rule, part):
    """The sentence of the rule, or the field's own."""
    assert part in str(field_fault(field, rule))


def test_a_fault_of_no_field_has_no_sentence():
    """Something else than the person's typing is wrong."""
    assert field_fault("Idempotency-Key", "16 to 64") is None
