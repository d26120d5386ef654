"""Authorization requests that come by POST, from a page of another site."""

from urllib.parse import urlencode

import pytest

from tests.service import API, Service, body

FC = {
    "name": "Held to FranceConnect",
    "client_id": "held-to-franceconnect",
    "client_secret": "demonstration-secret-held-to-fc-0123456789abcdef",
    "client_auth": "client_secret_post",
    "profile": "franceconnect",
    "redirect_uris": ["http://localhost:8081/callback"],
    "scopes": ["openid", "given_name"],
}


def posted(service, **changes):
    """What a browser sends from a form of another site: no cookie of ours (SameSite=Lax)."""
    return service.call("POST", f"{API}/authorize", service.params(**changes))


def test_a_posted_request_comes_back_by_get(browser, sample):
    """303 to an address of ours that holds nothing of the request; then the first page."""
    answer = posted(sample)

    location = answer.header("location")
    assert answer.status == 303
    assert location.startswith("/authorize/")
    assert not any(value in location for value in sample.params().values())
    assert answer.all("set-cookie") == []
    page = browser.open(sample.world.broker.url + location)
    assert page.path.endswith("/providers")


def test_who_is_signed_in_is_recognised(browser, sample):
    """Single sign-on: the GET brings the cookie that the POST could not, and no page is shown."""
    sample.login(browser)

    browser.open(sample.world.broker.url + posted(sample, state="again").header("location"))

    assert browser.sent_back()["state"] == "again"
    assert "code" in browser.sent_back()


def test_the_code_of_a_posted_request_is_as_good(browser, sample):
    """PKCE, nonce and address are those of the form."""
    browser.open(sample.world.broker.url + posted(sample).header("location"))
    browser.sign_in("claire").accept()

    tokens = sample.tokens(browser.sent_back()["code"])
    assert sample.id_token(tokens)["nonce"] == sample.params()["nonce"]


def test_the_way_back_serves_once(world, browser, sample):
    """Row 18: taken by the first browser that comes; the next one sees a page with a number."""
    url = world.broker.url + posted(sample).header("location")

    browser.open(url)
    second = world.browser().open(url)

    assert second.status == 400
    assert second.has("error-number")


def test_the_way_back_lasts_a_minute(world, browser, sample):
    """Who comes later starts again."""
    url = world.broker.url + posted(sample).header("location")
    world.clock.advance(61)

    assert browser.open(url).status == 400


def test_a_posted_request_is_no_pushed_one(world, browser, sample):
    """Rows 18 and 27: neither reference is taken for the other, whatever prefix it wears."""
    reference = posted(sample).header("location").rpartition("/")[2]
    pushed = body(sample.post("/par", **sample.params()))["request_uri"]
    prefix, _, bare = pushed.rpartition(":")

    for uri in (reference, f"{prefix}:{reference}"):
        asked = urlencode({"client_id": sample.client_id, "request_uri": uri})
        assert browser.open(f"{sample.issuer}/authorize?{asked}").status == 400
    assert browser.open(f"{world.broker.url}/authorize/{bare}").status == 400


def test_a_service_that_must_push_cannot_post_instead(make_world):
    """Row 27: require_par holds for both methods."""
    world = make_world({"clients": {"sample": {"require_par": True}}})
    sample, browser = Service(world, "sample"), world.browser()

    browser.open(world.broker.url + posted(sample).header("location"))

    assert browser.sent_back()["error"] == "unauthorized_client"


def test_an_unknown_service_is_told_at_once(sample):
    """Row 15: shown, never redirected, and nothing is kept for it."""
    answer = posted(sample, client_id="nobody")

    assert (answer.status, answer.header("location")) == (400, "")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid birthplace"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_fault_of_a_posted_request_goes_back_to_the_service(browser, sample, change, error):
    """With its state and the issuer, as if it had come by GET."""
    browser.open(sample.world.broker.url + posted(sample, **change).header("location"))

    answer = browser.sent_back()
    assert (answer["error"], answer["state"]) == (error, sample.params()["state"])
    assert answer["iss"] == sample.issuer


def test_a_field_that_comes_twice_is_named(browser, sample):
    """Both values survive the way back by GET, so that the rule still sees them."""
    fields = [*sample.params().items(), ("nonce", "another")]
    answer = sample.call("POST", f"{API}/authorize", fields)

    browser.open(sample.world.broker.url + answer.header("location"))

    assert browser.sent_back()["error"] == "invalid_request"
    assert "nonce" in browser.sent_back()["error_description"]


def test_the_franceconnect_profile_takes_posted_requests_too(make_world):
    """The same endpoint, the same rules."""
    world = make_world({"clients": {"fc": FC}})
    service, browser = Service(world, "fc"), world.browser()
    plain = {"code_challenge": None, "code_challenge_method": None, "acr_values": "eidas1"}

    good = browser.open(world.broker.url + posted(service, **plain).header("location"))
    bad = browser.open(world.broker.url + posted(service, **plain, max_age="1").header("location"))

    assert good.path.endswith("/providers")
    assert bad.status == 400
    assert "max_age" in bad.text
