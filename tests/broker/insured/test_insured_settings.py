"""The settings of the insured domain: what is refused, and what must be changed in production."""

import pytest
from pydantic import ValidationError

from broker.settings import SettingsError, load
from broker.settings.insured import InsuredTable, PasswordSettings

MINIMAL = {
    "mode": "demonstration",
    "broker": {
        "public_url": "http://localhost:8000",
        "database": "sqlite:///broker.sqlite",
        "secret": "a-secret-of-the-tests-0123456789abcdef",
    },
    "insured": {"database": "sqlite:///insured.sqlite"},
}


def test_without_a_word_passwords_cost_the_least_that_is_advised():
    """OWASP, argon2id; and one is hashed at a time."""
    passwords = InsuredTable(database="sqlite://").passwords

    assert (passwords.memory_kib, passwords.passes, passwords.lanes) == (19_456, 2, 1)
    assert passwords.at_once == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("memory_kib", 7), ("passes", 0), ("lanes", 0), ("at_once", 0), ("wait_seconds", 0)],
)
def test_costs_that_make_no_sense_are_refused(name, value):
    """Each by its own bound."""
    with pytest.raises(ValidationError, match=name):
        PasswordSettings(**{name: value})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"portal_url": "ftp://x"}, "insured.portal_url: must start with https"),
        ({"portal_url": "http://portal.exemple"}, "insured.portal_url: must start with https"),
        ({"portal_url": "https://portal.exemple/"}, "insured.portal_url: must not end with"),
        ({"iban_working_days": -1}, "insured.iban_working_days"),
        ({"unknown": 1}, "insured.unknown"),
    ],
)
def test_a_wrong_setting_is_named(changes, fault):
    """With the rule it breaks."""
    with pytest.raises(SettingsError) as refusal:
        load({**MINIMAL, "insured": {**MINIMAL["insured"], **changes}}, {})

    assert any(problem.startswith(fault) for problem in refusal.value.problems)


def test_production_wants_a_portal_by_https_and_passwords_that_cost():
    """Every fault in one message; nothing is said once they are corrected."""
    cheap = {**MINIMAL["insured"], "passwords": {"memory_kib": 8}, "demonstration_persons": 1}
    broker = {**MINIMAL["broker"], "public_url": "https://broker.exemple"}
    with pytest.raises(SettingsError) as refusal:
        load({"mode": "production", "broker": broker, "insured": cheap}, {})
    good = {**MINIMAL["insured"], "portal_url": "https://assure.exemple"}

    assert {problem.partition(":")[0] for problem in refusal.value.problems} == {
        "insured.portal_url",
        "insured.passwords.memory_kib",
        "insured.demonstration_persons",
    }
    assert load({"mode": "production", "broker": broker, "insured": good}, {}).production
