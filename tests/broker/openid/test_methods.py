"""HEAD, OPTIONS, wrong methods and calls from other origins, endpoint by endpoint."""

import pytest

from sandbox.world import World
from tests.service import API, Service

METHODS = {
    "/.well-known/openid-configuration": {"GET", "HEAD", "OPTIONS"},
    "/jwks": {"GET", "HEAD", "OPTIONS"},
    "/authorize": {"GET", "HEAD", "OPTIONS", "POST"},
    "/par": {"OPTIONS", "POST"},
    "/token": {"OPTIONS", "POST"},
    "/userinfo": {"GET", "HEAD", "OPTIONS", "POST"},
    "/introspect": {"OPTIONS", "POST"},
    "/checktoken": {"OPTIONS", "POST"},
    "/token/revocation": {"OPTIONS", "POST"},
    "/session/end": {"GET", "HEAD", "OPTIONS", "POST"},
}
ALL = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "ANYTHING")
WRONG = [(path, method) for path, known in METHODS.items() for method in ALL if method not in known]
PAGES = {"/authorize", "/session/end"}
ORIGIN = "http://localhost:5173"
CLIENTS = {
    "spa": {
        "name": "A page without a server",
        "client_id": "spa-service",
        "client_auth": "none",
        "redirect_uris": ["http://localhost:5173/callback"],
        "scopes": ["openid", "given_name"],
        "cors_origins": [ORIGIN],
        "consent": "information",
    },
    "confidential": {
        "name": "A server with pages",
        "client_id": "confidential-service",
        "client_secret": "demonstration-secret-confidential-0123456789abcdef",
        "redirect_uris": ["http://localhost:5174/callback"],
        "cors_origins": ["http://localhost:5174"],
    },
    "closed": {
        "name": "Closed",
        "client_id": "closed-service",
        "client_auth": "none",
        "redirect_uris": ["http://localhost:5175/callback"],
        "cors_origins": ["http://localhost:5175"],
        "disabled": True,
    },
}


@pytest.fixture(scope="module")
def world():
    """One world for all."""
    with World.build({"clients": CLIENTS}) as world:
        yield world


@pytest.fixture
def spa(world):
    return Service(world, "spa")


@pytest.mark.parametrize(("path", "known"), METHODS.items(), ids=METHODS)
def test_options_tells_the_methods(spa, path, known):
    """200 with Allow, and no word about other origins to nobody in particular."""
    answer = spa.call("OPTIONS", API + path)

    assert answer.status == 200
    assert set(answer.header("allow").split(", ")) == known
    assert answer.body == b""


@pytest.mark.parametrize(("path", "method"), WRONG, ids=" ".join)
def test_a_wrong_method_is_told_the_right_ones(spa, path, method):
    """405 with Allow (RFC 9110 §15.5.6): JSON where programs call, a page where people come."""
    answer = spa.call(method, API + path)

    assert answer.status == 405
    assert set(answer.header("allow").split(", ")) == METHODS[path]
    kind = "text/html" if path in PAGES else "application/json"
    assert answer.header("content-type").startswith(kind)
    assert "no-store" in answer.header("cache-control")


@pytest.mark.parametrize("path", [p for p, known in METHODS.items() if "HEAD" in known])
def test_head_says_what_get_says_without_the_body(spa, path):
    """Status and type are the same, the body is left out (RFC 9110 §9.3.2)."""
    got, head = spa.call("GET", API + path), spa.call("HEAD", API + path)

    assert head.status == got.status
    assert head.header("content-type") == got.header("content-type")
    assert head.body == b""


@pytest.mark.parametrize("path", ["/token", "/userinfo"])
def test_a_registered_page_may_ask_first(spa, path):
    """Preflight: the origin, the methods and the headers it needs, for ten minutes (Fetch §3.2)."""
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}

    answer = spa.call("OPTIONS", API + path, headers=asked)

    assert answer.status == 200
    assert answer.header("access-control-allow-origin") == ORIGIN
    assert "POST" in answer.header("access-control-allow-methods")
    assert answer.header("access-control-allow-headers") == "Authorization, Content-Type"
    assert answer.header("access-control-max-age") == "600"
    assert answer.header("access-control-allow-credentials") == ""
    assert "Origin" in answer.header("vary")


def test_a_registered_page_reads_its_tokens_and_its_errors(world, browser, spa):
    """The answers themselves carry the origin, refusals included."""
    code = spa.login(browser)["code"]
    form = {
        "grant_type": "authorization_code",
        "client_id": spa.client_id,
        "code": code,
        "redirect_uri": spa.redirect_uri,
        "code_verifier": spa.verifier,
    }
    first, second = (spa.call("POST", f"{API}/token", form, {"Origin": ORIGIN}) for _ in range(2))

    assert (first.status, second.status) == (200, 400)
    assert first.header("access-control-allow-origin") == ORIGIN
    assert second.header("access-control-allow-origin") == ORIGIN


STRANGERS = [
    "http://localhost:5174",
    "http://localhost:5175",
    "https://evil.example",
    "http://localhost:5173.evil.example",
    "http://localhost:5173/",
    "null",
    "*",
    "",
]


@pytest.mark.parametrize("origin", STRANGERS)
@pytest.mark.parametrize("path", METHODS)
def test_no_other_origin_is_let_in(spa, path, origin):
    """Another's, a confidential or a closed service's: no header, on any endpoint but the keys."""
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}

    answers = [spa.call(m, API + path, headers=asked) for m in ("OPTIONS", "GET", "POST")]

    public = path in {"/jwks", "/.well-known/openid-configuration"}
    allowed = {answer.header("access-control-allow-origin") for answer in answers}
    assert allowed <= ({"", "*"} if public else {""})


DOCUMENTS = ("/jwks", "/.well-known/openid-configuration")
CALLED = {"/token", "/userinfo", *DOCUMENTS}


@pytest.mark.parametrize("path", [p for p in METHODS if p not in CALLED])
def test_a_registered_page_calls_two_endpoints_only(spa, path):
    """Nothing else is for browsers to call from a page."""
    answer = spa.call("OPTIONS", API + path, headers={"Origin": ORIGIN})

    assert answer.header("access-control-allow-origin") == ""
    assert answer.header("access-control-allow-methods") == ""


@pytest.mark.parametrize("path", DOCUMENTS)
def test_any_page_reads_the_public_documents(spa, path):
    """Libraries that add a header of their own ask first."""
    asked = {"Origin": "https://anybody.example", "Access-Control-Request-Method": "GET"}
    answer = spa.call("OPTIONS", API + path, headers=asked)

    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("access-control-allow-methods") == "GET"
    assert answer.header("access-control-allow-credentials") == ""


def test_a_registered_page_may_read_why_it_was_refused(spa):
    """Browsers hide these headers from scripts unless they are named."""
    answer = spa.call("GET", f"{API}/userinfo", headers={"Origin": ORIGIN})

    assert answer.header("access-control-expose-headers") == "WWW-Authenticate, Retry-After"
