"""
The attacking provider of the sandbox against the whole broker, through HTTP.

Rows 35 and 36: it is registered like any other, has one honest provider (`mobile`) as its victim,
and hopes that the broker confuses the two. What reached each of them is read in their inspectors.
"""

import json

import pytest
from sqlalchemy import select

from broker.database import reading
from broker.subjects.persons import UPSTREAM
from sandbox.wsgi import Request

VICTIM, ATTACKER = "mobile", "attacker"


@pytest.fixture
def attacked(world, browser, sample):
    """Begins a login and lets the attacker do its trick; where the browser ends."""

    def run(trick, persona="claire"):
        sample.start(browser)
        if trick in {"audience_injection", "borrowed_keys"}:
            control(world, ATTACKER, "POST", "/faults", {"fault": trick})
        return browser.sign_in(persona, ATTACKER, fault=trick)

    return run


def control(world, provider, method, path, body=None):
    """Ask the control API of a mock."""
    url = f"{world.providers[provider].url}/_control{path}"
    sent = json.dumps(body).encode() if body is not None else b""
    headers = {"Content-Type": "application/json"}
    return json.loads(world.network.send(Request(method, url, headers, sent))[0].body)


def received(world, provider, path):
    """The requests that reached this address of a mock."""
    found = control(world, provider, "GET", "/requests")["requests"]
    return [one for one in found if one["path"] == path]


def upstreams(world):
    """Who arrived so far: issuer and subject."""
    engine = world.broker.app.extensions["parts"].engines["broker"]
    with reading(engine) as connection:
        return [
            tuple(row) for row in connection.execute(select(UPSTREAM.c.issuer, UPSTREAM.c.subject))
        ]


def test_the_code_of_an_honest_provider_never_reaches_the_attacker(world, browser, attacked):
    """Row 35 (RFC 9700 §4.4): the victim's code comes back to the victim's own callback, unused."""
    page = attacked("mix_up")

    assert page.url.startswith(f"{world.broker.url}/callback/{VICTIM}")
    assert page.status == 403
    assert received(world, VICTIM, "/authorize")
    assert received(world, VICTIM, "/token") == received(world, ATTACKER, "/token") == []
    assert upstreams(world) == []
    assert not browser.sent_back()


def test_an_answer_under_a_borrowed_name_is_not_redeemed(world, attacked):
    """Row 35 (RFC 9207 §2.4): the issuer beside the code decides before any call is made."""
    page = attacked("borrowed_iss")

    assert page.testids["error-number"].text == "B0331"
    assert received(world, VICTIM, "/token") == received(world, ATTACKER, "/token") == []


def test_a_code_for_the_callback_of_another_provider_is_not_redeemed(world, browser, attacked):
    """Row 35 (RFC 9700 §4.4.2): a state is good at the callback of its own provider only."""
    page = attacked("foreign_callback")

    assert page.status == 403
    assert received(world, VICTIM, "/token") == received(world, ATTACKER, "/token") == []
    assert upstreams(world) == []
    assert not browser.sent_back()


def test_nobody_is_signed_in_as_the_attackers_accomplice(world, browser, attacked):
    """Row 36 (CVE-2026-41425): a code the victim gave to somebody else opens nothing here."""
    page = attacked("stolen_code")

    assert page.status == 403
    assert "MARTIN" not in page.text
    assert received(world, VICTIM, "/token") == []
    assert upstreams(world) == []


def test_a_substituted_subject_is_another_subject(world, attacked, sample):
    """Row 9 (GHSA-9wqv-qhrh-87f4): a subject is worth something beside its issuer only."""
    sample.login(world.browser(), "claire", VICTIM)
    attacked("subject_substitution")

    honest, forged = upstreams(world)
    assert honest[1] == forged[1]
    assert {honest[0], forged[0]} == {
        world.providers[VICTIM].url,
        world.providers[ATTACKER].url,
    }


def test_a_token_in_the_name_of_the_victim_is_refused(world, attacked):
    """Row 38 (CVE-2026-55459): issuer and keys are those of the provider the trip began with."""
    page = attacked("token_substitution")

    assert page.path.endswith("/providers")
    assert page.has("error-number")
    assert upstreams(world) == []


def test_an_assertion_sent_to_the_victim_is_of_no_use_there(world, attacked):
    """Row 23 (CVE-2025-27370): wherever it is sent, its audience is the attacker alone."""
    page = attacked("audience_injection")
    (call,) = received(world, VICTIM, "/token")

    assert call["status"] == 401
    assert json.loads(call["form"]["client_assertion"])["aud"] == world.providers[ATTACKER].url
    assert page.path.endswith("/providers")
    assert upstreams(world) == []


def test_tokens_are_not_verified_with_the_keys_of_the_victim(world, attacked):
    """Row 40 (CVE-2024-37568): the attacker's signature does not verify with borrowed keys."""
    assert attacked("borrowed_keys").path.endswith("/providers")
    assert received(world, VICTIM, "/jwks")
    assert upstreams(world) == []


@pytest.mark.parametrize("trick", ["mix_up", "foreign_callback", "stolen_code", "borrowed_iss"])
def test_the_attacked_login_still_ends_well(world, browser, attacked, trick):
    """Row 35: the person takes another provider in the same login, and it is an honest one."""
    attacked(trick)
    browser.open(next(hop.url for hop in browser.hops if "/providers?" in hop.url))

    assert browser.sign_in("claire", VICTIM).accept().url.startswith(world.sample.url)


def test_a_service_that_denies_the_attacker_cannot_be_led_there(world, browser, ameli):
    """Row 10 (CVE-2026-1486): no tile, no hint and no forged form leads to a denied provider."""
    page = ameli.start(browser)
    assert not page.has("provider-attacker")

    browser.open(page.url).element("provider-tax").attributes["value"] = ATTACKER
    forged = browser.click("provider-tax")
    assert forged.status == 403
    assert not received(world, ATTACKER, "/authorize")
    ameli.start(browser, idp_hint=ATTACKER)
    assert browser.sent_back()["error"] == "invalid_idp_hint"


def test_the_answer_of_an_attacked_trip_opens_nothing_in_another_browser(world, sample):
    """Row 36 (CVE-2025-68158): the victim opens the attacker's callback address, in vain."""
    thief, victim = world.browser(), world.browser()
    sample.start(thief)
    thief.sign_in("marc", ATTACKER)
    address = next(hop.url for hop in thief.hops if "/callback/" in hop.url)
    sample.start(victim)
    page = victim.open(address)

    assert page.status in {400, 403}
    assert not page.has("consent-continue")
    assert not victim.sent_back()
