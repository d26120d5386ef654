"""Parameters of a logout request, and where the person ends."""

from urllib.parse import urlencode

import pytest

from broker.sessions import store as sessions
from tests.service import API, Service

BACK = "http://localhost:8081/"


@pytest.fixture
def hint(sample, browser):
    return sample.tokens(sample.login(browser)["code"])["id_token"]


def leave(sample, browser, *pairs, **asked):
    query = urlencode([*asked.items(), *pairs])
    return browser.open(f"{sample.issuer}/session/end?{query}")


def is_signed_in(sample, browser):
    sample.start(browser, prompt="none")
    return "code" in browser.sent_back()


REFUSED = {
    "twice": ([("state", "a"), ("state", "b")], {}, "state"),
    "two hints": ([("id_token_hint", "x")], {}, "id_token_hint"),
    "long state": ([], {"state": "s" * 2049}, "state"),
    "another client": ([], {"client_id": "ameli-portal"}, "client_id"),
    "unknown client": ([], {"client_id": "nobody"}, "client_id"),
    "another address": (
        [],
        {"post_logout_redirect_uri": "http://localhost:8080/"},
        "post_logout_redirect_uri",
    ),
}


@pytest.mark.parametrize(("pairs", "change", "name"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_names_the_parameter(sample, browser, hint, pairs, change, name):
    """Shown with HTTP 400, never redirected, and nobody is logged out."""
    page = leave(sample, browser, *pairs, **{"id_token_hint": hint, **change})

    assert (page.status, page.response.header("location")) == (400, "")
    assert page.element("error-detail").text.startswith(f"{name}: ")
    assert is_signed_in(sample, browser)


def test_a_logout_may_be_posted(sample, browser, hint):
    """The form says what the address would (RP-Initiated Logout 1.0 §2)."""
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": BACK, "state": "s"}

    browser.post(f"{sample.issuer}/session/end", urlencode(asked).encode())

    assert f"{BACK}?state=s" in [hop.url for hop in browser.hops]
    assert not is_signed_in(sample, browser)


def test_an_expired_hint_is_still_a_hint(world, sample, browser, hint):
    """An ID token of ten minutes ago names its person all the same."""
    world.clock.advance(700)

    leave(sample, browser, id_token_hint=hint, post_logout_redirect_uri=BACK)

    assert browser.page.url == BACK
    assert not is_signed_in(sample, browser)


def test_the_hint_of_another_session_asks_first(world, sample, browser, hint):
    """Somebody else's ID token, or one of an older session, logs nobody out by itself."""
    other = world.browser()
    sample.login(other)

    page = leave(sample, other, id_token_hint=hint, post_logout_redirect_uri=BACK)
    assert page.has("logout-confirm")
    assert is_signed_in(sample, other)

    leave(sample, other, id_token_hint=hint, post_logout_redirect_uri=BACK)
    other.click("logout-confirm")
    assert other.page.url == BACK


def test_the_hint_of_another_service_of_the_session_is_as_good(world, sample, browser, hint):
    """Each service knows the session by its own name, and each may end it."""
    ameli = Service(world, "ameli")
    token = ameli.tokens(ameli.login(browser)["code"])["id_token"]

    page = leave(sample, browser, id_token_hint=token)

    assert hint
    assert page.path == "/logged-out"
    assert not is_signed_in(sample, browser)


def test_the_provider_is_left_as_well(world, sample, browser):
    """On the way the browser visits the provider's own end of session, then comes back."""
    token = sample.tokens(sample.login(browser, via="postal")["code"])["id_token"]
    browser.hops.clear()

    leave(sample, browser, id_token_hint=token, post_logout_redirect_uri=BACK, state="s")

    upstream = world.providers["postal"].url
    assert any(hop.url.startswith(f"{upstream}/logout") for hop in browser.hops)
    assert f"{BACK}?state=s" in [hop.url for hop in browser.hops]


def test_nobody_signed_in_is_sent_back_at_once(world, sample, hint):
    """There is nothing to end and nothing to ask."""
    stranger = world.browser()

    leave(sample, stranger, id_token_hint=hint, post_logout_redirect_uri=BACK)

    assert stranger.page.url == BACK


@pytest.mark.parametrize("under_way", ["by the session", "just signed in"])
def test_a_login_under_way_starts_again_at_the_choice(world, sample, browser, under_way):
    """Row 29: whoever sits down at this computer afterwards is asked who they are."""
    if under_way == "by the session":
        sample.login(browser)
        sample.start(browser, prompt="consent")
    else:
        sample.start(browser)
        browser.sign_in("claire")
    assert "Claire" in browser.page.text
    before = browser.page.url
    leave(sample, browser.tab()).click("logout-confirm")

    after = browser.page.accept()

    assert after.has("provider-tax")
    assert browser.open(before).has("provider-tax")
    assert "Claire" not in browser.page.text
    assert "code" in sample.login(browser, "julien")


def test_a_logout_leaves_the_logins_of_other_browsers_alone(world, sample, browser, hint):
    """Only what this browser began is concerned."""
    other = world.browser()
    sample.start(other, prompt="consent")
    other.sign_in("claire")

    leave(sample, browser, id_token_hint=hint)

    assert "code" in other.page.accept().sent_back


def test_a_session_that_ends_while_it_is_used_signs_nobody_in(world, sample, browser, monkeypatch):
    """Another node may log out between the look at the session and the login that uses it."""
    token = sample.tokens(sample.login(browser)["code"])["id_token"]
    find, elsewhere = sessions.find, browser.tab()

    def found_then_ended(*asked):
        monkeypatch.setattr(sessions, "find", find)
        found = find(*asked)
        leave(sample, elsewhere, id_token_hint=token)
        return found

    monkeypatch.setattr(sessions, "find", found_then_ended)

    assert sample.start(browser).has("provider-tax")


@pytest.mark.parametrize(("locales", "language"), [("en", "en"), ("fr", "fr")])
def test_the_confirmation_speaks_the_language_asked_for(sample, browser, hint, locales, language):
    """ui_locales counts here too."""
    page = leave(sample, browser, ui_locales=locales)

    assert hint
    assert page.root.all("html")[0].get("lang") == language


def test_a_confirmation_from_elsewhere_changes_nothing(world, sample, browser, hint):
    """Row 32 (CVE-2026-123545): the form of another site has no token of ours."""
    leave(sample, browser)

    forged = browser.tab().post(f"{world.broker.url}/logout", b"")

    assert hint
    assert forged.status == 400
    assert is_signed_in(sample, browser)
    assert API in sample.issuer
