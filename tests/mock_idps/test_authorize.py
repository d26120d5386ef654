"""The authorization endpoint checks everything, in an order that never redirects too early."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

WRONG_ADDRESSES = [
    None,
    "",
    "http://broker.test/callback/mock/",
    "http://broker.test/callback/mock?x=1",
    "http://broker.test/callback/mock#x",
    "http://broker.test/callback/../callback/mock",
    "http://BROKER.test/callback/mock",
    "https://broker.test/callback/mock",
    "http://broker.test:80/callback/mock",
    "http://broker.test@evil.test/callback/mock",
    "javascript:alert(1)",
    "//broker.test/callback/mock",
]


@pytest.mark.parametrize("address", WRONG_ADDRESSES)
def test_an_unregistered_address_gets_a_page_and_no_redirect(plain, address):
    """Redirect URIs are compared character by character."""
    refused = plain.start(redirect_uri=address, login_hint="persona:claire")

    assert refused.status_code == 400
    assert refused.location is None


@pytest.mark.parametrize("client", [None, "", "other", "Broker"])
def test_an_unknown_client_gets_a_page_and_no_redirect(plain, client):
    """Nobody is sent anywhere for a client that is not registered."""
    refused = plain.start(client_id=client, login_hint="persona:claire")

    assert (refused.status_code, refused.location) == (400, None)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"state": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "jump"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "9" * 30}, "invalid_request"),
    ],
)
def test_a_bad_request_goes_back_to_the_service_with_its_error(plain, new_trip, changes, error):
    """Error, state and iss come back; no page, no code."""
    trip = new_trip()
    trip.location = plain.start(trip, login_hint="persona:claire", **changes).location

    assert trip.address == "http://broker.test/callback/mock"
    assert trip.answer["error"] == error
    assert trip.answer["iss"] == "http://mock.test"
    assert trip.answer.get("state") == (None if "state" in changes else trip.state)
    assert "code" not in trip.answer


def test_a_repeated_parameter_is_refused_without_redirect(plain, new_trip):
    """RFC 6749 §3.1: a parameter stands once; which of the two would be meant?"""
    query = [*plain.request(new_trip()).items(), ("redirect_uri", "http://evil.test/")]

    refused = plain.browser.get("/authorize", query_string="&".join(f"{a}={b}" for a, b in query))

    assert (refused.status_code, refused.location) == (400, None)


def test_a_request_may_be_posted(plain, new_trip):
    """OpenID Connect Core §3.1.2.1 wants GET and POST."""
    assert "/login/" in plain.browser.post("/authorize", data=plain.request(new_trip())).location


def test_without_a_session_prompt_none_is_login_required(plain, new_trip):
    """No page is shown when none may be."""
    trip = new_trip()
    trip.location = plain.start(trip, prompt="none").location

    assert trip.answer["error"] == "login_required"


def test_with_a_session_prompt_none_answers_at_once(plain, new_trip):
    """The person of the session, with the time they really signed in."""
    plain.sign_in("persona:marc")
    began = int(plain.clock())
    plain.clock.now += 600
    trip = new_trip()
    trip.location = plain.start(trip, prompt="none").location
    tokens = plain.redeem(trip)

    assert plain.verified(plain.opened(tokens))["auth_time"] == began
    assert plain.userinfo(tokens).json["family_name"] == "MARTIN"


@pytest.mark.parametrize(
    ("age", "max_age", "error"),
    [(100, "200", None), (300, "200", "login_required"), (1, "0", "login_required")],
)
def test_max_age_bounds_the_age_of_the_session(plain, new_trip, age, max_age, error):
    """A session older than max_age does not count."""
    plain.sign_in()
    plain.clock.now += age
    trip = new_trip()
    trip.location = plain.start(trip, prompt="none", max_age=max_age).location

    assert trip.answer.get("error") == error


def test_prompt_login_forgets_the_session(plain):
    """The page offers nobody to continue as, and a new sign-in has a new time."""
    plain.sign_in()
    with_session = plain.browser.get(plain.start().location).text
    without = plain.browser.get(plain.start(prompt="login").location).text

    assert 'data-testid="continue-session"' in with_session
    assert 'data-testid="continue-session"' not in without


@pytest.mark.parametrize(
    ("dialect", "persona", "asked", "given"),
    [
        ("plain", "claire", None, "eidas1"),
        ("plain", "claire", "eidas1", "eidas1"),
        ("plain", "claire", "eidas2", "eidas2"),
        ("plain", "claire", "eidas3 eidas2", "eidas2"),
        ("plain", "claire", "eidas3", "eidas2"),
        ("plain", "basile", "eidas2", "eidas1"),
        ("tax", "claire", "eidas2", "eidas1"),
        ("postal", "claire", "eidas2", "eidas2"),
    ],
)
def test_the_level_is_the_one_asked_or_the_highest_possible(party, dialect, persona, asked, given):
    """acr_values are wishes in order; provider and persona both bound what is possible."""
    rp = party(dialect)
    tokens = rp.redeem(rp.sign_in(f"persona:{persona}", acr_values=asked))

    assert rp.verified(rp.opened(tokens))["acr"] == given


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "state",
                "nonce",
                "scope",
                "prompt",
                "max_age",
                "acr_values",
                "login_hint",
                "ui_locales",
                "code_challenge",
            ]
        ),
        st.text(max_size=40),
    )
)
def test_no_request_breaks_the_provider_or_sends_elsewhere(fuzzed, changes):
    """Whatever is sent: a page, or a redirect to ourselves or to the registered address."""
    answer = fuzzed.start(**changes)

    assert answer.status_code in (302, 400)
    if answer.location:
        assert answer.location.startswith(("/login/", "http://broker.test/callback/mock?"))


@pytest.fixture(scope="module")
def fuzzed(request):
    """One provider for all examples."""
    return request.getfixturevalue("shared_party")
