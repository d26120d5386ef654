"""Where the broker may send a browser (CVE-2023-6291, CVE-2020-10776)."""

from urllib.parse import quote, urlencode

import pytest

from sandbox.world import World

GOOD = "http://localhost:8081/callback"
ALTERED = [
    "",
    " ",
    GOOD + "/",
    GOOD + "//",
    GOOD + "/.",
    GOOD + "/..",
    GOOD + "/../other",
    GOOD + "/%2e%2e/other",
    GOOD + "?",
    GOOD + "?a=b",
    GOOD + "#",
    GOOD + "#fragment",
    GOOD + "%00",
    GOOD + "%0a",
    GOOD + "%0d%0aLocation:%20https://evil.example",
    GOOD + "\r\nSet-Cookie: a=b",
    GOOD + "\n",
    GOOD + "\t",
    GOOD + " ",
    " " + GOOD,
    GOOD + ";a",
    GOOD + "&a",
    GOOD + "@evil.example",
    GOOD + "\\",
    GOOD + "\\@evil.example",
    GOOD + "*",
    GOOD.upper(),
    GOOD.replace("http", "HTTP"),
    GOOD.replace("http:", "https:"),
    GOOD.replace("http:", ""),
    GOOD.replace("http://", "http:/"),
    GOOD.replace("http://", "http:\\\\"),
    GOOD.replace("http://", "//"),
    GOOD.replace("localhost", "LOCALHOST"),
    GOOD.replace("localhost", "localhost."),
    GOOD.replace("localhost", "127.0.0.1"),
    GOOD.replace("localhost", "[::1]"),
    GOOD.replace("localhost", "localhost.evil.example"),
    GOOD.replace("localhost", "evil.example"),
    GOOD.replace("localhost", "user@localhost"),
    GOOD.replace("localhost", "localhost@evil.example"),
    GOOD.replace("localhost", "localhost%40evil.example"),
    GOOD.replace("localhost", "evil.example%23localhost"),
    GOOD.replace("localhost", "evil.example#localhost"),
    GOOD.replace("localhost", "evil.example?localhost"),
    GOOD.replace("localhost", "evil.example\\localhost"),
    GOOD.replace("localhost", "loc\u0430lhost"),
    GOOD.replace("localhost", "xn--lochost-6fg"),
    GOOD.replace(":8081", ""),
    GOOD.replace(":8081", ":80"),
    GOOD.replace(":8081", ":8080"),
    GOOD.replace(":8081", ":08081"),
    GOOD.replace(":8081", ":8081:80"),
    GOOD.replace("/callback", "/Callback"),
    GOOD.replace("/callback", "/callback2"),
    GOOD.replace("/callback", "/call%62ack"),
    GOOD.replace("/callback", "//callback"),
    GOOD.replace("/callback", "/./callback"),
    GOOD.replace("/callback", "/x/../callback"),
    GOOD.replace("/callback", ""),
    "/callback",
    "callback",
    "http://localhost:8080/callback",
    "javascript:alert(1)",
    "javascript://localhost:8081/callback%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "about:blank",
    "urn:ietf:wg:oauth:2.0:oob",
    "http://evil.example/" + GOOD,
    "http://evil.example/?" + GOOD,
]


@pytest.fixture(scope="module")
def quiet():
    """One world for all: nothing here writes."""
    with World.build() as world:
        yield world


@pytest.mark.parametrize("uri", ALTERED, ids=range(len(ALTERED)))
def test_an_altered_redirect_uri_is_shown_never_followed(quiet, uri):
    """Rows 13 and 14: sixty mutations of a registered address all end on a page with a number."""
    asked = {
        "client_id": "sample-service",
        "redirect_uri": uri,
        "response_type": "code",
        "scope": "openid",
        "state": "s",
    }
    page = quiet.browser().open(f"{quiet.broker.url}/api/v2/authorize?{urlencode(asked)}")

    assert page.status == 400
    assert page.response.header("location") == ""
    assert page.has("error-number")
    assert "evil.example" not in page.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "response_type=token",
        "client_id=&redirect_uri=" + quote(GOOD),
        "client_id=nobody&redirect_uri=" + quote(GOOD),
        "client_id=sample-service",
        f"client_id=sample-service&client_id=ameli-portal&redirect_uri={quote(GOOD)}",
        f"client_id=sample-service&redirect_uri={quote(GOOD)}&redirect_uri=http://evil.example",
        f"client_id=ameli-portal&redirect_uri={quote(GOOD)}&response_type=code",
        f"client_id=sample-service%00&redirect_uri={quote(GOOD)}",
        "client_id=sample-service&redirect_uri=http://evil.example&response_type=bad&prompt=none",
    ],
)
def test_nothing_is_redirected_before_client_and_address_are_proven(quiet, query):
    """Row 15 (CVE-2026-41479): other faults of the same request change nothing."""
    page = quiet.browser().open(f"{quiet.broker.url}/api/v2/authorize?{query}")

    assert (page.status, page.response.header("location")) == (400, "")


@pytest.mark.parametrize("state", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_hostile_state_comes_back_inert(quiet, state, mode):
    """Row 14 (CVE-2023-6134): the state is returned as text, whatever it holds."""
    asked = {
        "client_id": "sample-service",
        "redirect_uri": GOOD,
        "response_type": "bad",
        "state": state,
        "response_mode": mode,
    }
    browser = quiet.browser()
    browser.open(f"{quiet.broker.url}/api/v2/authorize?{urlencode(asked)}")

    first = browser.hops[0].answer
    assert state.encode() not in first.body
    assert browser.sent_back()["state"] == state
    assert browser.sent_back()["error"] == "unsupported_response_type"
    assert "script-src 'self'" in first.header("content-security-policy") or mode == "query"
