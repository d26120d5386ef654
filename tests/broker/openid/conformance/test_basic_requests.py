"""Basic OP and Form Post OP: parameters of the authorization request."""

from urllib.parse import urlencode

import pytest
from joserfc import jwt

from tests.broker.openid.conformance.conftest import OWN_KEY
from tests.service import API


def test_a_request_without_response_type_is_refused(client, browser):
    """oidcc-response-type-missing: invalid_request, back at the service with its state."""
    client.start(browser, response_type=None)

    answer = browser.sent_back()
    assert answer["error"] in {"invalid_request", "unsupported_response_type"}
    assert answer["state"] == client.service.params()["state"]


def test_a_request_without_nonce_succeeds(client, browser):
    """oidcc-ensure-request-without-nonce-succeeds-for-code-flow: and no nonce comes back."""
    _, claims = client.flow(browser, nonce=None)

    assert "nonce" not in claims


@pytest.mark.parametrize(
    "extra",
    [
        {"display": "page"},
        {"display": "popup"},
        {"extra": "foobar"},
        {"login_hint": "claire@exemple.fr"},
        {"ui_locales": "se"},
        {"ui_locales": "fr en"},
        {"claims_locales": "se"},
        {"acr_values": "eidas1 eidas2"},
        {"acr_values": "eidas1 phr"},
    ],
    ids=str,
)
def test_what_may_be_ignored_disturbs_nothing(client, browser, extra):
    """
    The login succeeds, whatever the parameter; the level asked for is kept.

    oidcc-display-page, oidcc-display-popup, oidcc-login-hint, oidcc-ui-locales,
    oidcc-claims-locales, oidcc-ensure-request-with-unknown-parameter-succeeds and
    oidcc-ensure-request-with-acr-values-succeeds.
    """
    _, claims = client.flow(browser, **extra)

    assert claims["acr"] == "eidas1"


def test_an_unregistered_address_is_never_followed(client, browser):
    """oidcc-ensure-registered-redirect-uri: a page, for whoever is in front of it."""
    page = client.start(browser, redirect_uri=client.service.redirect_uri + "/other")

    assert (page.status, page.response.header("location")) == (400, "")
    assert page.has("error-number")
    assert browser.sent_back() == {}


def test_a_posted_request_succeeds(client, browser):
    """oidcc-ensure-post-request-succeeds: the same parameters in a form."""
    client.sent = client.service.params(**client.params())
    fields = urlencode(client.sent).encode()

    browser.post(f"{client.service.issuer}/authorize", fields)
    page = browser.sign_in("claire")
    if page.has("consent-continue"):
        page.accept()

    client.checked(client.tokens(browser.sent_back()["code"]))


def test_an_unsigned_request_object_is_refused_as_unsupported(client, browser):
    """
    oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported.

    Discovery offers signed ones only, and an unsigned one is an error back at the service.
    """
    client.start(browser, request="eyJhbGciOiJub25lIn0.e30.")

    assert browser.sent_back()["error"] in {"request_not_supported", "invalid_request_object"}
    assert "none" not in client.metadata()["request_object_signing_alg_values_supported"]


def test_a_request_elsewhere_is_refused_and_never_fetched(world, client, browser):
    """
    oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported.

    Discovery says so; the address is not even looked at (row 28, PYSEC-2026-4360).
    """
    visited = []
    world.network.attach("http://localhost:8098", lambda env, start: visited.append(env) or [])

    client.start(browser, request_uri="http://localhost:8098/request.jwt")

    assert browser.sent_back()["error"] in {"request_uri_not_supported", "invalid_request_uri"}
    assert client.metadata()["request_uri_parameter_supported"] is False
    assert visited == []


def test_the_address_inside_a_signed_request_wins(client, browser):
    """oidcc-ensure-request-object-with-redirect-uri: the bad one outside is never used."""
    inside = {
        **client.service.params(**client.params()),
        "iss": client.service.client_id,
        "aud": client.service.issuer,
    }
    signed = jwt.encode({"alg": "RS256", "kid": "own"}, inside, OWN_KEY)

    answer = client.authorize(browser, request=signed, redirect_uri="http://localhost:8081/bad")

    client.checked(client.tokens(answer["code"]))
    assert API in answer["iss"]
