"""Pushed requests and logout at the wish of the service."""

import pytest


@pytest.fixture
def postal(party):
    return party("postal")


def _push(rp, trip, **changes):
    return rp.post("/par", rp.request(trip, **changes))


def _authorize(rp, **query):
    return rp.browser.get("/authorize", query_string=query)


def test_a_pushed_request_works_once(postal, new_trip):
    """A reference is good for one visit, within 90 seconds."""
    pushed = _push(postal, new_trip(), login_hint="persona:claire")
    query = {"client_id": "broker", "request_uri": pushed.json["request_uri"]}

    assert (pushed.status_code, pushed.json["expires_in"]) == (201, 90)
    assert "code=" in _authorize(postal, **query).location
    assert _authorize(postal, **query).status_code == 400


def test_a_pushed_request_grows_old(postal, new_trip):
    """After 90 seconds the reference is unknown."""
    pushed = _push(postal, new_trip())
    postal.clock.now += 91

    answer = _authorize(postal, client_id="broker", request_uri=pushed.json["request_uri"])
    assert (answer.status_code, answer.location) == (400, None)


@pytest.mark.parametrize("client", [None, "other"])
def test_a_reference_belongs_to_its_client(postal, new_trip, client):
    """The browser must bring the same client_id."""
    pushed = _push(postal, new_trip())
    query = {"client_id": client, "request_uri": pushed.json["request_uri"]}

    assert _authorize(postal, **{k: v for k, v in query.items() if v}).status_code == 400


def test_the_browser_cannot_change_a_pushed_request(postal, new_trip):
    """Parameters beside the reference are ignored."""
    trip = new_trip()
    pushed = _push(postal, trip, login_hint="persona:claire")
    trip.location = _authorize(
        postal,
        client_id="broker",
        request_uri=pushed.json["request_uri"],
        state="forged",
        redirect_uri="http://evil.test/",
    ).location

    assert trip.address == "http://broker.test/callback/mock"
    assert trip.answer["state"] == trip.state


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "http://evil.test/"}, "invalid_request"),
        ({"client_id": "other"}, "invalid_client"),
        ({"request_uri": "urn:x"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_bad_pushed_request_is_refused_as_json(postal, new_trip, changes, error):
    """The client learns at once what the browser would have learnt later."""
    sent = postal.request(new_trip(), **changes)
    refused = postal.back.post(
        "/par", data={**sent, "client_secret": postal.credentials()[0]["client_secret"]}
    )

    assert refused.status_code in (400, 401)
    assert refused.json["error"] == error


def test_a_repeated_pushed_parameter_is_refused(postal, new_trip):
    """RFC 6749 §3.1 holds for pushed requests too."""
    sent = {**postal.request(new_trip()), **postal.credentials()[0], "state": ["one", "two"]}

    assert postal.back.post("/par", data=sent).json["error"] == "invalid_request"


def test_a_dialect_that_wants_no_pushed_request_accepts_one(plain, new_trip):
    """PAR is offered to everybody."""
    pushed = _push(plain, new_trip(), login_hint="persona:claire")
    query = {"client_id": "broker", "request_uri": pushed.json["request_uri"]}

    assert "code=" in _authorize(plain, **query).location


def _logout(rp, **query):
    return rp.browser.get("/logout", query_string=query)


def _session_ended(rp, trip):
    trip.location = rp.start(trip, prompt="none").location
    return trip.answer.get("error") == "login_required"


def test_logout_with_the_id_token_ends_the_session_and_returns(postal, new_trip):
    """No question asked: the service proved whom it means."""
    token = postal.opened(postal.redeem(postal.sign_in()))
    answer = _logout(
        postal, id_token_hint=token, post_logout_redirect_uri="http://broker.test/bye", state="a b"
    )

    assert answer.location == "http://broker.test/bye?state=a+b"
    assert _session_ended(postal, new_trip())


def test_an_old_id_token_still_names_the_person(postal, new_trip):
    """RP-Initiated Logout §2: an expired hint is accepted."""
    token = postal.opened(postal.redeem(postal.sign_in()))
    postal.clock.now += 1000

    assert _logout(postal, id_token_hint=token).status_code == 200
    assert _session_ended(postal, new_trip())


def test_logout_without_a_proof_asks_first(postal, new_trip):
    """Anybody may send a browser here: nothing ends before the button."""
    postal.sign_in()
    asked = _logout(postal, post_logout_redirect_uri="http://broker.test/bye")
    still_there = not _session_ended(postal, new_trip())
    confirmed = postal.browser.post(
        "/logout", data={"do": "confirm", "post_logout_redirect_uri": "http://broker.test/bye"}
    )

    assert 'data-testid="confirm-logout"' in asked.text
    assert still_there
    assert confirmed.location == "http://broker.test/bye"
    assert _session_ended(postal, new_trip())


def test_logout_of_somebody_else_asks_first(postal):
    """A hint about another person than the one of this browser proves nothing."""
    token = postal.opened(postal.redeem(postal.sign_in("persona:marc")))
    postal.sign_in("persona:claire")

    assert 'data-testid="confirm-logout"' in _logout(postal, id_token_hint=token).text


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.test/",
        "http://broker.test/bye/",
        "//broker.test/bye",
        "http://broker.test/bye\\",
        "",
    ],
)
def test_logout_returns_to_registered_addresses_only(postal, address):
    """Compared character by character; anything else is a page."""
    token = postal.opened(postal.redeem(postal.sign_in()))
    answer = _logout(postal, id_token_hint=token, post_logout_redirect_uri=address)

    assert (answer.status_code, answer.location) == (400, None)


@pytest.mark.parametrize("hint", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_hint_is_refused(postal, hint):
    """A token that we did not sign ends nothing."""
    assert _logout(postal, id_token_hint=hint).status_code == 400


def test_a_hint_for_another_client_is_refused(postal):
    """Signed by us, but meant for another service."""
    trip = postal.sign_in("persona:claire+fault:wrong_aud")
    token = postal.opened(postal.redeem(trip))

    assert _logout(postal, id_token_hint=token).status_code == 400


def test_a_dialect_without_logout_has_no_such_page(party):
    """tax promises none in its metadata and serves none."""
    tax = party("tax")
    metadata = tax.back.get("/.well-known/openid-configuration").json

    assert "end_session_endpoint" not in metadata
    assert _logout(tax).status_code == 404
