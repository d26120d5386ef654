"""A mock provider in a tester's hands."""

import pytest

from sandbox.upstreams import UnknownNameError


def test_people_and_lies_are_told_with_their_reasons(world):
    """Each persona says why it exists, each fault what must become of it."""
    tax = world.upstream("tax")

    assert tax.personas["marc"] == "holds a classic account already: it is linked"
    assert tax.faults["token_500"].startswith("Offer the other providers")
    assert "wrong_encryption_key" not in tax.faults
    assert "wrong_encryption_key" in world.upstream("mobile").faults


def test_a_lie_meets_the_next_logins_and_no_more(world):
    """So many times, then the provider is honest again."""
    world.upstream("tax").lie("token_500", times=2)
    ends = [world.browser().login(world.sample).has("consent-continue") for _ in range(3)]

    assert ends == [False, False, True]


def test_a_lie_for_one_persona_meets_nobody_else(world):
    """Marc is served honestly, Claire is not."""
    world.upstream("tax").lie("token_500", persona="claire")

    assert world.browser().login(world.sample, as_="marc").has("consent-continue")
    assert not world.browser().login(world.sample, as_="claire").has("consent-continue")


def test_a_lie_of_the_discovery_document_is_told_at_the_next_reading(world, browser):
    """The broker reads the document when the first person leaves for the provider."""
    world.upstream("tax").lie("discovery_other_issuer")

    assert browser.login(world.sample).has("error-number")


def test_what_it_was_asked_is_kept_without_secrets(world, browser):
    """The token call is there, its secret is not."""
    browser.login(world.sample)
    asked = world.upstream("tax").requests

    token = next(one for one in asked if one.path == "/token")
    assert token.form["client_secret"] == "•••"
    assert token.status == 200


def test_new_keys_sign_the_next_login(world):
    """Another key identifier, and the login arrives."""
    tax = world.upstream("tax")
    before = tax.issuer.keys.signing.kid
    tax.rotate_keys()

    assert tax.issuer.keys.signing.kid != before
    assert world.browser().login(world.sample).has("consent-continue")


@pytest.mark.parametrize(
    ("lie", "known"),
    [({"fault": "nonsense"}, "wrong_nonce"), ({"fault": "no_iss", "persona": "zed"}, "claire")],
)
def test_an_unknown_name_is_answered_with_the_known_ones(world, lie, known):
    """Of faults as of personas."""
    with pytest.raises(UnknownNameError, match=known):
        world.upstream("tax").lie(**lie)


def test_credentials_are_those_of_the_settings(world):
    """By client_id, for a service under test."""
    secret = world.configuration.broker.clients["sample"].client_secret

    assert world.credentials["sample-service"] == secret
