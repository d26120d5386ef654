"""The attacking provider attacks as its table says; an honest mock withstands what reaches it."""

import secrets
from urllib.parse import parse_qs, urlsplit

import pytest

from mock_idps.faults.table import FAULTS
from mock_idps.outside import Outside

ATTACKS = {fault.name for fault in FAULTS if fault.only == "attacks"}
METADATA = "/.well-known/openid-configuration"
HONEST_CALLBACK = "http://broker.test/callback/honest"


@pytest.fixture
def honest(party):
    """The provider that is attacked."""
    return party("plain", issuer="http://honest.test", redirect_uris=[HONEST_CALLBACK])


@pytest.fixture
def attacker(party, honest):
    """The attacker, who can visit the honest provider over the back channel."""

    def visit(url):
        return honest.back.get(urlsplit(url)._replace(scheme="", netloc="").geturl()).location

    outside = Outside(honest.clock, secrets.token_bytes, lambda _: None, visit=visit)
    return party("attacker", outside=outside)


def test_every_attack_of_the_table_is_tried_here():
    """One test each, named after the attack."""
    tried = {name.removeprefix("test_attack_") for name in globals() if "test_attack_" in name}

    assert tried == ATTACKS


def test_an_honest_provider_knows_no_attack(honest):
    """Attacks belong to the attacker's table only."""
    refused = honest.start(login_hint="persona:claire+fault:mix_up")

    assert refused.status_code == 400
    assert not ATTACKS & set(honest.app.extensions["mock_issuer"].faults)


def test_attack_mix_up(attacker, honest):
    """The browser arrives at the honest provider, whose code comes back with the wrong trip."""
    trip = attacker.sign_in("persona:claire+fault:mix_up")
    there = urlsplit(trip.location)
    back = honest.browser.get(f"{there.path}?{there.query}")
    answer = parse_qs(urlsplit(back.location).query)

    assert there.netloc == "honest.test"
    assert back.location.startswith(HONEST_CALLBACK)
    assert answer["state"] == [trip.state]
    assert answer["iss"] == ["http://honest.test"]


def test_attack_borrowed_iss(attacker):
    """The attacker's code arrives at its own callback under the honest name."""
    trip = attacker.sign_in("persona:claire+fault:borrowed_iss")

    assert trip.address == "http://broker.test/callback/mock"
    assert trip.answer["iss"] == "http://honest.test"


def test_attack_foreign_callback(attacker, honest):
    """The attacker's code arrives at the honest callback, whose provider knows no such code."""
    trip = attacker.sign_in("persona:claire+fault:foreign_callback")

    assert trip.address == HONEST_CALLBACK
    assert trip.answer["state"] == trip.state
    assert honest.redeem(trip, redirect_uri=HONEST_CALLBACK).json["error"] == "invalid_grant"


def test_attack_stolen_code(attacker, honest):
    """A true code of the accomplice arrives at the honest callback with this browser's state."""
    trip = attacker.sign_in("persona:claire+fault:stolen_code")
    tokens = honest.redeem(trip, redirect_uri=HONEST_CALLBACK)

    assert (trip.address, trip.answer["state"]) == (HONEST_CALLBACK, trip.state)
    assert honest.userinfo(tokens).json["family_name"] == "MARTIN"


def test_attack_subject_substitution(attacker, honest):
    """The attacker's Claire has the very subject of the honest provider's Claire."""
    tokens = attacker.redeem(attacker.sign_in("persona:claire+fault:subject_substitution"))
    trip = honest.sign_in("persona:claire", redirect_uri=HONEST_CALLBACK)
    there = honest.redeem(trip, redirect_uri=HONEST_CALLBACK)

    claims = attacker.verified(attacker.opened(tokens))
    assert claims["iss"] == "http://mock.test"
    assert claims["sub"] == honest.userinfo(there).json["sub"]


def test_attack_token_substitution(attacker, honest):
    """Issuer and subject of the honest provider, signature of the attacker."""
    tokens = attacker.redeem(attacker.sign_in("persona:claire+fault:token_substitution"))

    assert attacker.verified(attacker.opened(tokens))["iss"] == "http://honest.test"


def test_attack_audience_injection(attacker):
    """The metadata name the honest token endpoint, everything else is the attacker's."""
    attacker.back.post("/_control/faults", json={"fault": "audience_injection"})
    metadata = attacker.back.get(METADATA).json

    assert metadata["token_endpoint"] == "http://honest.test/token"
    assert metadata["issuer"] == "http://mock.test"
    assert metadata["pushed_authorization_request_endpoint"] == "http://mock.test/par"


def test_an_assertion_for_somebody_else_is_worth_nothing_here(party):
    """An honest provider refuses an assertion meant for a URL, a list, or another issuer."""
    rp = party("mobile")
    for audience in (
        "http://mock.test/token",
        "http://other.test",
        ["http://mock.test", "http://other.test"],
        [],
        None,
    ):
        proof, _ = rp.credentials(aud=audience)
        answer = rp.back.post("/token", data={**proof, "grant_type": "authorization_code"})
        assert answer.json["error"] == "invalid_client", audience


def test_attack_borrowed_keys(attacker):
    """The metadata name the honest keys."""
    attacker.back.post("/_control/faults", json={"fault": "borrowed_keys"})

    assert attacker.back.get(METADATA).json["jwks_uri"] == "http://honest.test/jwks"


def test_the_attacker_keeps_what_it_received(attacker):
    """Codes and audiences that reach the attacker can be read in its inspector."""
    proof, _ = attacker.credentials(aud="http://honest.test/token")
    attacker.back.post("/token", data={**proof, "code": "a-stranger", "client_id": "broker"})
    seen = attacker.back.get("/_control/requests").json["requests"][-1]["form"]

    assert seen["code"] == "a-stranger"
    assert '"aud": "http://honest.test/token"' in seen["client_assertion"]


def test_without_a_network_the_stolen_code_is_a_made_up_one(party):
    """The attack still ends somewhere when nothing can be visited."""
    trip = party("attacker").sign_in("persona:claire+fault:stolen_code")

    assert trip.answer["code"] == "stolen"
