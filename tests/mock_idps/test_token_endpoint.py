"""The token endpoint gives nothing without a proven client, a fresh code and the right verifier."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest

SECRET = "a-secret-for-tests-only-0123456789abcdef"


def _error(answer):
    return answer.status_code, answer.json["error"]


def test_a_code_works_once(plain):
    """The second use is refused, and kills the token of the first (RFC 9700 §4.5)."""
    trip = plain.sign_in()
    tokens = plain.redeem(trip)

    assert _error(plain.redeem(trip)) == (400, "invalid_grant")
    assert plain.userinfo(tokens).status_code == 401


def test_of_twenty_simultaneous_uses_one_succeeds(plain):
    """A code is taken, not looked up."""
    trip = plain.sign_in()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: plain.redeem(trip).status_code, range(20)))

    assert sorted(answers) == [200] + [400] * 19


def test_a_code_lives_a_minute(plain):
    """After 60 seconds it is worth nothing."""
    trip = plain.sign_in()
    plain.clock.now += 61

    assert _error(plain.redeem(trip)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "http://broker.test/callback/other"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_grant"),
        ({"code": "x"}, "invalid_grant"),
        ({"code": None}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_bound_to_its_request(plain, changes, error):
    """Address, verifier and grant type must be those of the request."""
    assert _error(plain.redeem(plain.sign_in(), **changes)) == (400, error)


def test_a_verifier_without_a_challenge_is_refused(plain):
    """Somebody removed the challenge on the way (RFC 9700 §4.8.2)."""
    trip = plain.sign_in(code_challenge=None, code_challenge_method=None)

    assert _error(plain.redeem(trip)) == (400, "invalid_grant")


def test_pkce_may_be_left_out_where_it_is_not_required(plain):
    """Neither challenge nor verifier: an ordinary code flow."""
    trip = plain.sign_in(code_challenge=None, code_challenge_method=None)

    assert plain.redeem(trip, code_verifier=None).status_code == 200


@pytest.mark.parametrize(
    ("form", "basic"),
    [
        ({}, None),
        ({"client_id": "broker"}, None),
        ({"client_id": "broker", "client_secret": ""}, None),
        ({"client_id": "broker", "client_secret": SECRET + "\0"}, None),
        ({"client_id": "broker", "client_secret": SECRET.upper()}, None),
        ({"client_id": "other", "client_secret": SECRET}, None),
        ({"client_secret": SECRET}, None),
        ({}, f"broker:{SECRET}x"),
        ({}, f"other:{SECRET}"),
        ({}, "broker"),
        ({"client_id": "other"}, f"broker:{SECRET}"),
        ({"client_id": "broker", "client_secret": SECRET}, f"broker:{SECRET}"),
    ],
)
def test_a_client_that_does_not_prove_itself_is_refused(plain, form, basic):
    """No secret, a wrong one, another client, two ways at once."""
    headers = {"Authorization": f"Basic {b64encode(basic.encode()).decode()}"} if basic else {}
    form = {"grant_type": "authorization_code", **form}

    refused = plain.back.post("/token", data=form, headers=headers)

    assert _error(refused) == (401, "invalid_client")
    assert ("WWW-Authenticate" in refused.headers) == bool(basic)


def test_basic_credentials_are_form_encoded(party):
    """RFC 6749 §2.3.1: a secret with reserved characters travels percent-encoded."""
    rp = party("msa", client_secret="a secret with % and : and +, long enough")
    trip = rp.sign_in()
    text = "broker:a+secret+with+%25+and+%3A+and+%2B%2C+long+enough"
    rp.credentials = lambda: ({}, {"Authorization": f"Basic {b64encode(text.encode()).decode()}"})

    assert rp.redeem(trip).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"exp": 0},
        {"exp": None},
        {"exp": 9_999_999_999},
        {"jti": None},
        {"jti": 7},
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(party, changes):
    """RFC 7523 §3: issuer, subject, lifetime and identifier are checked."""
    rp = party("mobile")
    proof, _ = rp.credentials(**changes)

    assert _error(rp.back.post("/token", data=proof)) == (401, "invalid_client")


def test_an_assertion_works_once(party):
    """The same assertion again is a replay."""
    rp = party("mobile")
    proof, _ = rp.credentials()
    first = rp.back.post("/token", data={**proof, "grant_type": "x"})
    again = rp.back.post("/token", data={**proof, "grant_type": "x"})

    assert _error(first) == (400, "unsupported_grant_type")
    assert _error(again) == (401, "invalid_client")


@pytest.mark.parametrize("assertion", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_text_that_is_no_assertion_is_refused(party, assertion):
    """Garbage and unsigned tokens prove nothing."""
    rp = party("mobile")
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    form = {"client_assertion": assertion, "client_assertion_type": kind}

    assert _error(rp.back.post("/token", data=form)) == (401, "invalid_client")


def test_an_assertion_of_an_unnamed_kind_is_refused(party):
    """client_assertion_type is part of the proof."""
    rp = party("mobile")

    refused = rp.back.post("/token", data={"client_assertion": rp.assertion()})

    assert _error(refused) == (401, "invalid_client")


@pytest.mark.parametrize("header", [None, "Bearer x", "Bearer ", "Basic eDp5", "nonsense"])
def test_userinfo_wants_a_known_token(plain, header):
    """401 with the challenge of RFC 6750 §3."""
    headers = {"Authorization": header} if header else {}
    refused = plain.back.get("/userinfo", headers=headers)

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer ")


def test_an_access_token_lives_ten_minutes(plain):
    """Then userinfo refuses it."""
    tokens = plain.redeem(plain.sign_in())
    plain.clock.now += 601

    assert plain.userinfo(tokens).status_code == 401


def test_a_code_is_no_access_token(plain):
    """Identifiers of one kind are never good for another."""
    trip = plain.sign_in()
    headers = {"Authorization": f"Bearer {trip.answer['code']}"}

    assert plain.back.get("/userinfo", headers=headers).status_code == 401
