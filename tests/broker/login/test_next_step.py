"""The pure `next_step`, as a table: the same facts always give the same step."""

import itertools

import pytest

from broker.login.attempt import AccountResult, Attempt, Authentication, Step, next_step
from broker.login.request import AuthorizationRequest
from broker.login.steps import ABANDON, ACCOUNT, CHOOSE, CONSENT
from providers.levels import Level


def attempt(level=Level.LOW, **facts):
    asked = AuthorizationRequest("a-service", "https://rp.example/cb", ("openid",), level)
    return Attempt("an-attempt", "digest", asked, 0.0, 1800.0, **facts)


def signed_in(level=Level.LOW):
    return Authentication("person", "tax", level, (), "https://idp.example", "s", 0, "session")


TABLE = [
    ({}, Step.CHOOSE),
    ({"authentication": signed_in()}, Step.CONSENT),
    ({"authentication": signed_in(), "agreed": ()}, Step.RESPOND),
    ({"authentication": signed_in(), "agreed": ("email",)}, Step.RESPOND),
    ({"authentication": signed_in(), "wants_account": True}, Step.CONSENT),
    ({"authentication": signed_in(), "agreed": (), "wants_account": True}, Step.ACCOUNT),
    (
        {
            "authentication": signed_in(),
            "agreed": (),
            "wants_account": True,
            "account": AccountResult("created", "an-account"),
        },
        Step.ACCOUNT,
    ),
    (
        {
            "authentication": signed_in(),
            "agreed": (),
            "wants_account": True,
            "account": AccountResult("refused"),
            "account_seen": False,
        },
        Step.ACCOUNT,
    ),
    (
        {
            "authentication": signed_in(),
            "agreed": (),
            "wants_account": True,
            "account": AccountResult("created", "an-account"),
            "account_seen": True,
        },
        Step.RESPOND,
    ),
    ({"ended": True}, Step.ENDED),
    ({"authentication": signed_in(), "agreed": (), "ended": True}, Step.ENDED),
    ({"agreed": ("email",)}, Step.CHOOSE),
    ({"account_seen": True, "wants_account": True}, Step.CHOOSE),
]


@pytest.mark.parametrize(("facts", "step"), TABLE, ids=range(len(TABLE)))
def test_the_facts_of_an_attempt_give_its_step(facts, step):
    """Each row of the table."""
    assert next_step(attempt(**facts)) is step


@pytest.mark.parametrize(("asked", "reached"), list(itertools.product(Level, Level)))
def test_a_level_below_the_request_is_no_sign_in(asked, reached):
    """Whatever was reached before, the person chooses again until the level is enough."""
    step = next_step(attempt(asked, authentication=signed_in(reached)))

    assert step is (Step.CONSENT if reached.rank >= asked.rank else Step.CHOOSE)


def test_no_step_can_be_entered_once_the_login_has_ended():
    """Every rule leaves the end out: a code is issued once."""
    assert all(Step.ENDED not in rule.after for rule in (CHOOSE, CONSENT, ACCOUNT, ABANDON))


def test_consent_and_account_need_a_verified_identity():
    """A step names the facts it needs; an attempt without them is sent on."""
    bare = attempt()

    assert set(CONSENT.missing(bare)) == {"authentication", "sealed_identity"}
    assert "agreed" in ACCOUNT.missing(bare)
    assert CHOOSE.missing(bare) == ()
