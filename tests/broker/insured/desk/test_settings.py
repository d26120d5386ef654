"""The settings of the desk: what is refused, and in which words."""

import pytest

from broker.settings import SettingsError, load
from broker.settings.insured import InsuredTable
from sandbox.configuration import merged
from sandbox.document import find, read


@pytest.fixture
def loaded():
    """The broker's settings out of config.toml with changes to the desk."""

    def with_desk(**desk):
        document = read(find({}))
        return load(merged(document, {"insured": {"desk": desk}}), {})

    return with_desk


@pytest.mark.parametrize(
    ("desk", "key"),
    [
        ({"post_room": "nobody"}, "insured.desk.post_room"),
        ({"consultations_per_hour": 0}, "insured.desk.consultations_per_hour"),
        (
            {"demonstration_advisor": {"password": "short"}},
            "insured.desk.demonstration_advisor.password",
        ),
        (
            {"demonstration_advisor": {"totp_secret": "not base32!"}},
            "insured.desk.demonstration_advisor.totp_secret",
        ),
        ({"surprise": 1}, "insured.desk.surprise"),
    ],
)
def test_a_wrong_value_is_named(loaded, desk, key):
    """The key and the rule, and never the value of a secret."""
    with pytest.raises(SettingsError) as refused:
        loaded(**desk)

    assert any(problem.startswith(f"{key}:") for problem in refused.value.problems)
    assert "not base32!" not in str(refused.value)


def test_the_advisor_of_the_demonstration_is_refused_in_production(loaded):
    """Its password and its secret are published."""
    insured = loaded().insured
    wrong = list(insured.problems(production=True))

    assert "insured.desk.demonstration_advisor: is refused in production" in wrong
    assert list(insured.problems(production=False)) == []


def test_the_desk_needs_no_settings():
    """A limit and a post room by default, and nobody on the staff."""
    desk = InsuredTable(database="sqlite://").desk

    assert desk.consultations_per_hour == 60
    assert desk.demonstration_advisor is None


def test_the_secrets_of_the_advisor_are_not_printed(loaded):
    """Settings end up in logs and in tracebacks."""
    advisor = loaded().insured.desk.demonstration_advisor

    assert advisor.password not in repr(advisor)
    assert advisor.totp_secret not in repr(advisor)
