"""RP-Initiated Logout OP: the person leaves by a service, and the provider knows it."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt

from tests.broker.openid.conformance.conftest import OWN_KEY

BACK = "http://localhost:8081/"


@pytest.fixture
def tokens(op, browser):
    """What the person's login gave."""
    return op.flow(browser)[0]


def leave(op, browser, tokens, **changes):
    """Ask for the logout as the plan does; None leaves a parameter out."""
    ordinary = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": BACK,
        "state": "state-of-the-logout",
    }
    asked = {k: v for k, v in {**ordinary, **changes}.items() if v is not None}
    browser.hops.clear()
    return browser.open(f"{op.service.issuer}/session/end?{urlencode(asked)}")


def returned(browser):
    """What came back to the registered address, or None when the browser never went there."""
    landed = [hop.url for hop in browser.hops if hop.url.partition("?")[0] == BACK]
    return parse_qs(urlsplit(landed[0]).query) if landed else None


def signed_in(op, browser):
    """Whether a silent request still finds the person."""
    op.start(browser, prompt="none")
    return "code" in browser.sent_back()


def test_discovery_names_the_endpoint(op):
    """oidcc-rp-initiated-logout-discovery-endpoint-verification."""
    metadata = op.metadata()

    assert metadata["end_session_endpoint"] == f"{op.service.issuer}/session/end"


def test_a_logout_comes_back_with_its_state(op, browser, tokens):
    """oidcc-rp-initiated-logout: the address as registered, the state, nothing else; and out."""
    leave(op, browser, tokens)

    assert returned(browser) == {"state": ["state-of-the-logout"]}
    assert not signed_in(op, browser)


def test_a_logout_without_state_comes_back_without(op, browser, tokens):
    """oidcc-rp-initiated-logout-no-state."""
    leave(op, browser, tokens, state=None)

    assert returned(browser) == {}
    assert not signed_in(op, browser)


REFUSED = {
    "bad-post-logout-redirect-uri": {"post_logout_redirect_uri": "http://localhost:8081/other"},
    "query-added-to-post-logout-redirect-uri": {"post_logout_redirect_uri": BACK + "?foo=bar"},
    "no-id-token-hint": {"id_token_hint": None},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_a_logout_to_an_address_that_is_not_proven_is_refused(op, browser, tokens, changes):
    """
    A page with a number, no redirect, and nobody logged out by a link.

    oidcc-rp-initiated-logout-bad-post-logout-redirect-uri,
    oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri and
    oidcc-rp-initiated-logout-no-id-token-hint.
    """
    page = leave(op, browser, tokens, **changes)

    assert page.status == 400
    assert page.has("error-number")
    assert returned(browser) is None
    assert signed_in(op, browser)


def forged(op, tokens):
    """An ID token that somebody else signed."""
    claims = op.service.id_token(tokens)
    return jwt.encode({"alg": "RS256", "kid": "own"}, claims, OWN_KEY)


def unsigned(_op, tokens):
    """The ID token with alg none."""
    return f"eyJhbGciOiJub25lIn0.{tokens['id_token'].split('.')[1]}."


@pytest.mark.parametrize("spoil", [forged, unsigned])
def test_a_hint_that_is_not_ours_is_refused(op, browser, tokens, spoil):
    """
    Row 40: oidcc-rp-initiated-logout-bad-id-token-hint,
    oidcc-rp-initiated-logout-modified-id-token-hint.
    """
    page = leave(op, browser, tokens, id_token_hint=spoil(op, tokens))

    assert page.status == 400
    assert returned(browser) is None
    assert signed_in(op, browser)


def test_a_logout_without_address_ends_on_a_page(op, browser, tokens):
    """oidcc-rp-initiated-logout-no-post-logout-redirect-uri: logged out, and told so."""
    page = leave(op, browser, tokens, post_logout_redirect_uri=None)

    assert (page.status, page.path) == (200, "/logged-out")
    assert returned(browser) is None
    assert not signed_in(op, browser)


@pytest.mark.parametrize("state", ["only-state", None])
def test_a_logout_that_says_nothing_asks_the_person(op, browser, tokens, state):
    """
    Confirmed, the person is out and told so; until then a link on any page changes nothing.

    oidcc-rp-initiated-logout-no-params and oidcc-rp-initiated-logout-only-state.
    """
    nothing = {"id_token_hint": None, "post_logout_redirect_uri": None, "state": state}
    page = leave(op, browser, tokens, **nothing)
    assert page.has("logout-confirm")
    assert signed_in(op, browser)

    leave(op, browser, tokens, **nothing)
    page = browser.click("logout-confirm")

    assert page.path == "/logged-out"
    assert returned(browser) is None
    assert not signed_in(op, browser)
