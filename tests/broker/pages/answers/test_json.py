"""An error of an endpoint is JSON."""

from urllib.parse import parse_qs, urlsplit

import pytest

from broker import errors
from broker.returning import ReturnPath, described, origin_of

ISSUER = "https://broker.example/api/v2"
CALLBACK = "https://service.example/callback"


def path(**facts) -> ReturnPath:
    return ReturnPath(**{"redirect_uri": CALLBACK, "state": "a b&c", "issuer": ISSUER, **facts})


def query(answer) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.headers["Location"]).query)


@pytest.mark.parametrize(
    ("error", "status", "code", "challenge"),
    [
        (errors.InvalidClientError(), 401, "invalid_client", 'Basic realm="broker"'),
        (errors.CodeNotFoundError(), 400, "invalid_grant", None),
        (errors.ApiRequestError("is required", parameter="code"), 400, "invalid_request", None),
        (errors.TokenMissingError(), 401, "unauthorized", 'Bearer realm="broker"'),
        (
            errors.InvalidTokenError("has expired"),
            401,
            "invalid_token",
            'Bearer realm="broker", error="invalid_token", error_description="has expired (B0221)"',
        ),
        (errors.UnavailableError(), 503, "temporarily_unavailable", None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_endpoint_answers_json(ask, error, status, code, challenge):
    """RFC 6749 §5.2, RFC 6750 §3: the body, the challenge, and no storing."""
    answer = ask(error, "/api/v2/token")

    assert answer.status_code == status
    assert answer.json["error"] == code
    assert error.number in answer.json["error_description"]
    assert answer.headers.get("WWW-Authenticate") == challenge
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_endpoint_never_redirects(ask):
    """A pushed request runs the checks of /authorize and answers JSON."""
    answer = ask(errors.InvalidScopeError(), "/api/v2/token", return_path=path())

    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_scope"


@pytest.mark.parametrize("place", ["/api/v2/authorize", "/api/v2/session/end"])
def test_the_addresses_browsers_open_answer_pages(ask, place):
    """Two addresses of the API are for people."""
    assert ask(errors.UnknownClientError(), place).mimetype == "text/html"


def test_a_wrong_method_lists_the_right_ones(app):
    """405 with Allow, as JSON for programs."""
    answer = app.test_client().delete("/api/v2/token")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.json["error"] == "invalid_request"


def test_an_address_that_leads_nowhere_is_a_page(app):
    """404 for people, 404 as JSON under the API."""
    client = app.test_client()

    assert "Page introuvable" in client.get("/nowhere").text
    assert client.get("/api/v2/nowhere").json["error"] == "not_found"


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ('must be "S256"', "must be 'S256' (B0110)"),
        ("é\n\\", "??? (B0110)"),
        ("x" * 400, f"{'x' * 300} (B0110)"),
    ],
)
def test_a_description_keeps_to_the_characters_of_the_rfc(detail, told):
    """RFC 6749 §5.2: printable ASCII without quotes and backslashes."""
    assert described(errors.InvalidParameterError(detail)) == told


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://a.example/cb?x=1", "https://a.example"),
        ("http://localhost:8080/callback", "http://localhost:8080"),
        ("com.example.app:/cb", "com.example.app:"),
    ],
)
def test_the_origin_of_an_address(url, origin):
    """What a policy allows."""
    assert origin_of(url) == origin
