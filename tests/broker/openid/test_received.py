"""How an authorization request comes: in the address or in a form, whatever bytes it holds."""

from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from broker.openid.received import given as with_value
from broker.openid.received import read
from sandbox.wsgi import Request, call, environment
from tests.service import API

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(service, address="", body=b"", method="GET"):
    """Send an authorization request, byte by byte; where the browser is sent in the end."""
    url = service.world.broker.url + API + "/authorize"
    environ = environment(Request(method, url, FORM if method == "POST" else {}, body))
    answer = call(service.world.broker, {**environ, "QUERY_STRING": address})
    if answer.status == 303 and answer.header("location").startswith("/authorize/"):
        answer = service.call("GET", answer.header("location"))
    return answer


def refused(answer):
    """The error that came back to the service, as it stands in the address."""
    address = urlsplit(answer.header("location"))
    assert (address.netloc, address.path) == ("localhost:8081", "/callback")
    return dict(pair.split("=") for pair in address.query.split("&"))


WRONG = ["%ff%fe", "%ed%a0%80", "%c3", "\xff", "\xc3"]


@pytest.mark.parametrize("raw", WRONG)
@pytest.mark.parametrize("name", ["login_hint", "nonce", "scope", "foo"])
def test_bytes_that_are_no_text_are_refused_by_name(sample, name, raw):
    """Not guessed at, not returned as something else: percent-encoded or bare."""
    params = urlencode(sample.params(**{name: None}))
    answer = refused(ask(sample, f"{params}&{name}={raw}"))

    assert answer["error"] == "invalid_request"
    assert answer["error_description"].startswith(f"{name}%3A+must+be+printable+text+in+UTF-8")
    assert answer["state"] == sample.params()["state"]


@pytest.mark.parametrize("raw", WRONG)
def test_a_state_that_is_no_text_is_not_returned(sample, raw):
    """It could not be returned untouched."""
    answer = refused(ask(sample, f"{urlencode(sample.params(state=None))}&state={raw}"))

    assert answer["error"] == "invalid_request"
    assert "state" not in answer


@pytest.mark.parametrize("raw", ["%ff%fe", "%c3"])
def test_a_form_is_held_to_the_same_text(sample, raw):
    """By POST as by GET."""
    body = f"{urlencode(sample.params(login_hint=None))}&login_hint={raw}".encode()

    assert refused(ask(sample, body=body, method="POST"))["error"] == "invalid_request"


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
@pytest.mark.parametrize("raw", WRONG)
def test_who_asks_must_be_text_too(sample, name, raw):
    """Shown, never redirected."""
    answer = ask(sample, f"{urlencode(sample.params(**{name: None}))}&{name}={raw}")

    assert (answer.status, answer.header("location")) == (400, "")


def test_accents_are_text(sample):
    """Percent-encoded, or bare as some browsers send them."""
    params = urlencode(sample.params(login_hint=None))
    for raw in ("%C3%A9", "\xc3\xa9"):
        assert "/providers" in ask(sample, f"{params}&login_hint={raw}").header("location")


ELSEWHERE = ["/session/end", "/jwks", "/userinfo", "/.well-known/openid-configuration"]


@pytest.mark.parametrize("path", [*(API + p for p in ELSEWHERE), "/callback/tax", "/logged-out"])
def test_no_address_stumbles_over_bare_bytes(sample, path):
    """No endpoint answers 5xx to anything a caller can send."""
    url = sample.world.broker.url + path
    environ = {**environment(Request("GET", url)), "QUERY_STRING": "state=\xff&x=\xc3\xa9"}

    assert call(sample.world.broker, environ).status < 500


@pytest.mark.parametrize("name", ["scope", "state", "prompt", "nonce"])
def test_what_stands_in_the_form_and_in_its_address_came_twice(sample, name):
    """Two readers would otherwise believe two things."""
    body = urlencode(sample.params(prompt="login")).encode()
    answer = refused(ask(sample, f"{name}=x", body, "POST"))

    assert answer["error_description"].startswith(f"{name}%3A+must+come+once")


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_who_asks_stands_in_one_place(sample, name):
    """Even when both say the same."""
    body = urlencode(sample.params()).encode()
    answer = ask(sample, urlencode({name: sample.params()[name]}), body, "POST")

    assert (answer.status, answer.header("location")) == (400, "")


def test_a_parameter_in_the_address_of_a_form_counts(sample):
    """`prompt=none` there is no more lost than anywhere else."""
    answer = refused(ask(sample, "prompt=none", urlencode(sample.params()).encode(), "POST"))

    assert answer["error"] == "login_required"


OPTIONAL = [
    *("prompt", "max_age", "login_hint", "ui_locales", "claims", "id_token_hint", "display"),
    *("response_mode", "request", "request_uri", "idp_hint", "acr_values", "state", "nonce"),
]


@pytest.mark.parametrize("name", OPTIONAL)
def test_a_parameter_without_a_value_counts_as_left_out(sample, name):
    """RFC 6749 §3.1: libraries send what their settings leave empty."""
    asked = {**sample.params(), name: ""}

    assert "/providers" in ask(sample, urlencode(asked)).header("location")


@pytest.mark.parametrize("name", OPTIONAL)
def test_the_same_holds_for_a_pushed_one(sample, name):
    """But a pushed request may hold no `request_uri` at all, with or without a value."""
    pushed = sample.post("/par", **{**sample.params(), name: ""})

    assert pushed.status == 201


@pytest.mark.parametrize("name", ["code_challenge", "code_challenge_method"])
def test_an_empty_challenge_is_no_forgotten_one(sample, name):
    """Row 20: whoever empties it would take the proof of possession away."""
    answer = refused(ask(sample, urlencode({**sample.params(), name: ""})))

    assert answer["error"] == "invalid_request"
    assert answer["error_description"].startswith("code_challenge")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=3)), max_size=8))
def test_everything_that_came_is_told(pairs):
    """Each name once, and those that came more often; empty values are left out, no other."""
    params, repeated = read(MultiDict(pairs))
    names = [name for name, _ in pairs]

    assert set(params) == set(names)
    assert repeated == {name for name in names if names.count(name) > 1}
    assert with_value(params) == {name: value for name, value in params.items() if value}
