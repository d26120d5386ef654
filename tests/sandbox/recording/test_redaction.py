"""Secrets become labels, and stay recognisable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.recording.redaction import Redaction

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjbGFpcmUifQ.c2lnbmF0dXJl"


@pytest.fixture
def redaction():
    return Redaction()


def test_the_same_secret_has_the_same_label_everywhere(redaction):
    """A reader follows the code from the redirect to the redemption."""
    url = redaction.url("http://localhost:8080/callback?code=c0de&state=s1")
    form = redaction.pairs([("code", "c0de"), ("state", "s2")])

    assert url == "http://localhost:8080/callback?code=[code 1]&state=[state 1]"
    assert form == [("code", "[code 1]"), ("state", "[state 2]")]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("client_secret", "demonstration", "[client_secret 1]"),
        ("password", "demo-2026", "[password 1]"),
        ("code_verifier", "v", "[code_verifier 1]"),
        ("csrf_token", "t", "[csrf_token 1]"),
        ("client_id", "ameli-portal", "ameli-portal"),
        ("state", "", ""),
        ("anything", f"in {JWT} the middle", "in [token 1] the middle"),
        ("redirect_uri", "http://a.example/cb?code=1", "http://a.example/cb?code=[code 1]"),
    ],
)
def test_parameters_are_secret_by_name(redaction, name, value, shown):
    """What proves something is hidden, what says something is shown."""
    assert redaction.pairs([(name, value)]) == [(name, shown)]


def test_unguessable_parts_of_an_address_are_hidden(redaction):
    """The path of a step names its login; words of a path do not."""
    url = "http://localhost:8000/login/JIePqOVed9hKqHA5IwCsKQ/providers?lang=fr"

    assert redaction.url(url) == "http://localhost:8000/login/[step 1]/providers?lang=fr"


@pytest.mark.parametrize(
    ("header", "value", "shown"),
    [
        ("Authorization", "Basic YW1lbGk6c2VjcmV0", "Basic [basic 1]"),
        ("authorization", "Bearer abc", "Bearer [bearer 1]"),
        ("cookie", "sid=abc; lang=fr", "sid=[sid 1]; lang=[lang 1]"),
        ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=[sid 1]; Path=/; HttpOnly"),
        ("Set-Cookie", "sid=; Max-Age=0", "sid; Max-Age=0"),
        ("location", "/callback?code=abc", "/callback?code=[code 1]"),
        ("referer", "http://a.example/?code=abc", "http://a.example/?code=[code 1]"),
        ("content-type", "text/html", "text/html"),
    ],
)
def test_headers_keep_their_form_and_lose_their_secret(redaction, header, value, shown):
    """Names of cookies and schemes stay; values go."""
    assert redaction.headers([(header, value)]) == [(header, shown)]


def test_a_cookie_named_after_its_login_hides_the_name_too(redaction):
    """The attempt of the address is the attempt of the cookie."""
    redaction.url("http://localhost:8000/login/JIePqOVed9hKqHA5IwCsKQ/consent")
    shown = redaction.headers([("cookie", "attempt_JIePqOVed9hKqHA5IwCsKQ=x")])

    assert "JIePqOVed9hKqHA5IwCsKQ" not in str(shown)
    assert "attempt_[step 1]=" in shown[0][1]


@given(st.text(min_size=1, alphabet=st.characters(categories=["L", "N"])), st.data())
def test_no_secret_survives_in_an_address(secret, data):
    """Wherever a code stands among the parameters, it is not shown."""
    others = data.draw(st.lists(st.sampled_from(["a=1", "scope=openid", "lang=fr"])))
    place = data.draw(st.integers(0, len(others)))
    query = "&".join([*others[:place], f"code=5{secret}5", *others[place:]])

    assert f"5{secret}5" not in Redaction().url(f"http://localhost/callback?{query}")
