"""Single sign-on: how long a session serves, whom it serves, and what closes it."""

import pytest

from broker.login.attempt import Authentication
from broker.login.request import AuthorizationRequest
from broker.sessions.rules import serves
from broker.sessions.store import BrowserSession
from broker.settings.clients import ClientSettings
from broker.subjects.persons import PERSON
from providers.levels import Level
from tests.service import Service


def reached(service, browser, **changes):
    """What a new request meets: `code` at once, or the name of the page."""
    browser.hops.clear()
    page = service.start(browser, **changes)
    return "code" if "code" in browser.sent_back() else page.path.rpartition("/")[2]


NOW = 1_800_000_000.0
RULES = [
    ({}, {}, True),
    ({"level": Level.SUBSTANTIAL}, {}, True),
    ({}, {"level": Level.SUBSTANTIAL}, False),
    ({"level": Level.HIGH}, {}, False),
    ({"level": Level.HIGH}, {"level": Level.HIGH}, False),
    ({}, {"prompt": ("login",)}, False),
    ({}, {"prompt": ("select_account",)}, False),
    ({}, {"prompt": ("login", "consent")}, False),
    ({}, {"prompt": ("consent",)}, True),
    ({}, {"prompt": ("none",)}, True),
    ({}, {"max_age": 0}, False),
    ({"auth_time": NOW - 60}, {"max_age": 60}, True),
    ({"auth_time": NOW - 61}, {"max_age": 60}, False),
    ({}, {"idp_hint": "tax"}, True),
    ({}, {"idp_hint": "postal"}, False),
]


@pytest.mark.parametrize(("who", "wanted", "served"), RULES)
def test_the_rules_of_single_sign_on(who, wanted, served):
    """A person of the tax office who signed in this very second at eidas1, and what is asked."""
    facts = {"level": Level.LOW, "auth_time": NOW, "provider": "tax", **who}
    signed_in = Authentication(
        person="p", amr=(), issuer="i", subject="s", session="x", fresh=False, **facts
    )
    session = BrowserSession(signed_in, b"", b"", NOW + 1800)
    asked = {"level": Level.LOW, **wanted}
    request = AuthorizationRequest("c", "https://c.example/", ("openid",), **asked)

    assert serves(session, request, NOW) is served


@pytest.mark.parametrize(("seconds", "met"), [(1770, "code"), (1801, "providers")])
def test_a_session_lasts_half_an_hour(world, browser, sample, seconds, met):
    """Untouched, it serves until the thirtieth minute."""
    sample.login(browser)
    world.clock.advance(seconds)

    assert reached(sample, browser) == met


def test_each_use_prolongs_a_session(world, browser, sample):
    """Sliding: three times twenty-five minutes, never asked again."""
    sample.login(browser)

    for _ in range(3):
        world.clock.advance(1500)
        assert reached(sample, browser) == "code"


def test_no_session_outlives_half_a_day(make_world):
    """However busy the person is: twelve hours after the sign-in it is over (the setting)."""
    world = make_world({"broker": {"session_max_seconds": 4000}})
    sample, browser = Service(world, "sample"), world.browser()
    sample.login(browser)

    for _ in range(2):
        world.clock.advance(1500)
        assert reached(sample, browser) == "code"
    world.clock.advance(1050)

    assert reached(sample, browser) == "providers"


def test_using_a_session_does_not_renew_the_sign_in(world, browser, sample):
    """auth_time stays the moment the person proved who they are."""
    first = sample.id_token(sample.tokens(sample.login(browser)["code"]))
    world.clock.advance(900)
    second = sample.id_token(sample.tokens(sample.login(browser)["code"]))

    assert first["auth_time"] == second["auth_time"]
    assert second["iat"] > first["iat"]


def test_a_session_knows_the_person_at_both_services_by_different_names(
    world, browser, sample, ameli
):
    """One sign-in, two services: neither sub nor sid tells them that it is the same person."""
    one = sample.id_token(sample.tokens(sample.login(browser)["code"]))
    browser.hops.clear()
    two = ameli.id_token(ameli.tokens(ameli.login(browser)["code"]))

    assert not any(hop.url.startswith(world.providers["tax"].url) for hop in browser.hops)
    assert one["sub"] != two["sub"]
    assert one["sid"] != two["sid"]


def test_a_strong_session_serves_a_weaker_request(world, browser, sample):
    """eidas2 signed in, eidas1 asked: at once, and the ID token says eidas2."""
    sample.login(browser, via="postal", acr_values="eidas2")

    answer = sample.login(browser, acr_values="eidas1")

    assert sample.id_token(sample.tokens(answer["code"]))["acr"] == "eidas2"


def test_a_hint_at_another_provider_is_a_new_trip(world, browser, sample):
    """The session came from the tax office; the service asks for the post."""
    sample.login(browser, via="tax")

    page = sample.start(browser, idp_hint="postal")

    assert page.url.startswith(world.providers["postal"].url)


def parts(world):
    return world.broker.app.extensions["parts"]


def change(world, client_id, **changes):
    """Change a declared service on the running node, as a restart with other settings would."""
    client = parts(world).clients.find(client_id)
    settings = ClientSettings.model_validate({**client.settings.model_dump(), **changes})
    object.__setattr__(client, "settings", settings)


def test_a_session_of_a_provider_that_was_closed_serves_nobody(world, browser, sample):
    """Row 10: re-checked at every use, not only at sign-in."""
    sample.login(browser)
    entry = parts(world).providers.find("tax")
    closed = entry.settings.model_copy(update={"disabled": True})
    object.__setattr__(entry, "settings", closed)

    assert reached(sample, browser) == "providers"


def test_a_session_of_a_provider_the_service_refuses_is_not_for_it(world, browser, sample, ameli):
    """The person chooses among those that the service takes."""
    ameli.login(browser)
    change(world, "sample-service", providers_denied=("tax",))

    assert reached(sample, browser) == "providers"


def test_a_disabled_service_is_answered_by_a_page(world, browser, sample):
    """Neither code nor redirect, session or not."""
    sample.login(browser)
    change(world, "sample-service", disabled=True)

    page = sample.start(browser)

    assert page.status in {400, 403}
    assert page.has("error-number")


def test_a_person_who_was_blocked_has_no_session(world, browser, sample):
    """Row 11: closed by the operator, asked to sign in, and refused there."""
    sample.login(browser)
    with parts(world).engines["broker"].begin() as tx:
        tx.execute(PERSON.update().values(blocked_at=world.clock()))

    assert reached(sample, browser) == "providers"


def test_tokens_die_with_what_they_came_from(world, browser, sample):
    """Row 11: a service disabled after the login opens nothing with its token any more."""
    tokens = sample.tokens(sample.login(browser)["code"])
    change(world, "sample-service", disabled=True)

    assert sample.userinfo(tokens["access_token"]).status == 401
