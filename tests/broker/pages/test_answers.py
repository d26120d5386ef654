"""An error becomes a page, a redirect or JSON in one place."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from broker import errors
from broker.look import mount_look
from broker.pages import WayBack, mount_error_pages
from broker.returning import ReturnPath, described, origin_of, return_to_service

ISSUER = "https://broker.example/api/v2"
CALLBACK = "https://service.example/callback"


@pytest.fixture
def raised():
    """What the application raises next, and what it knows then."""
    return {}


@pytest.fixture
def app(raised, brand) -> Flask:
    """An application whose every address raises what the test wants."""
    app = Flask("raising", static_folder=None)
    app.secret_key = "a secret of the tests, 32 letters or more"
    CSRFProtect(app)
    mount_look(app, brand, production=False)
    mount_error_pages(app, lambda size: b"\x01\x23\x45\x67\x89"[:size])

    @app.get("/page")
    @app.get("/api/v2/token")
    @app.get("/api/v2/authorize")
    @app.get("/api/v2/session/end")
    def fail():
        for name in ("return_path", "way_back"):
            if name in raised:
                setattr(g, name, raised[name])
        raise raised["error"]

    @app.post("/form")
    def form():
        return "sent"

    return app


@pytest.fixture
def ask(app, raised):
    """Ask an address while the application raises `error`."""
    client = app.test_client()

    def asked(error, place="/page", **known):
        raised.update(error=error, **known)
        return client.get(place)

    return asked


def path(**facts) -> ReturnPath:
    return ReturnPath(**{"redirect_uri": CALLBACK, "state": "a b&c", "issuer": ISSUER, **facts})


def query(answer) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.headers["Location"]).query)


# --- pages --------------------------------------------------------------------------------------


def test_an_error_before_the_service_is_proven_is_shown(ask):
    """Row 15: without a proven redirect URI nothing leaves the broker."""
    answer = ask(errors.InvalidParameterError("rule", parameter="nonce"))

    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "B0110" in answer.text


@pytest.mark.parametrize(
    "error", [errors.UnknownClientError, errors.RedirectUriError, errors.StepProofError]
)
def test_some_errors_are_shown_even_when_a_way_back_is_known(ask, error):
    """Their fate says so."""
    answer = ask(error(), return_path=path())

    assert answer.status_code == error.status
    assert "Location" not in answer.headers


def test_the_page_leads_back_to_the_service(ask):
    """The service's own page, by its name."""
    answer = ask(errors.StepProofError(), way_back=WayBack("Ameli", "https://ameli.example/"))

    assert 'href="https://ameli.example/" data-testid="home">Revenir à Ameli<' in answer.text


def test_without_a_home_page_the_way_back_is_the_answer_to_the_service(ask):
    """The service learns that the person gave up."""
    answer = ask(errors.StepProofError(), return_path=path(), way_back=WayBack("Ameli"))

    assert f"{CALLBACK}?error=access_denied" in answer.text
    assert "state=a+b%26c" in answer.text


def test_an_error_of_a_provider_offers_the_others(ask):
    """Another choice may help, and leaving stays possible."""
    way = WayBack("Ameli", None, "/login/1/providers", "/login/1/abandon")
    answer = ask(errors.ProviderDisabledError(), way_back=way)

    assert 'href="/login/1/providers" data-testid="other-account"' in answer.text
    assert 'href="/login/1/abandon" data-testid="abandon"' in answer.text


def test_waiting_is_told_in_seconds(ask):
    """429 and 503 say when to come back."""
    assert ask(errors.TooManyRequestsError(retry_after=90)).headers["Retry-After"] == "90"


# --- redirects ----------------------------------------------------------------------------------


def test_a_proven_service_receives_the_error(ask):
    """error, error_description naming the parameter, state and iss (RFC 9207)."""
    answer = ask(errors.PkceError("must be S256", parameter="method"), return_path=path())

    assert answer.status_code == 303
    assert query(answer) == {
        "error": ["invalid_request"],
        "error_description": ["method: must be S256 (B0118)"],
        "state": ["a b&c"],
        "iss": [ISSUER],
    }


def test_a_state_that_was_not_sent_is_not_invented(ask):
    """Returned untouched, or not at all."""
    assert "state" not in query(ask(errors.AbandonedError(), return_path=path(state=None)))


def test_the_query_of_a_redirect_uri_is_kept(ask):
    """RFC 6749 §3.1.2: what was registered stays."""
    answer = ask(errors.AbandonedError(), return_path=path(redirect_uri=f"{CALLBACK}?a=1"))

    assert answer.headers["Location"].startswith(f"{CALLBACK}?a=1&error=access_denied&")


def test_france_connect_shows_a_bad_parameter(ask):
    """Profile franceconnect: HTTP 400, a page, its own number, the parameter and the rule."""
    answer = ask(
        errors.InvalidParameterError("must hold 22 characters", parameter="nonce"),
        return_path=path(profile="franceconnect"),
    )

    assert answer.status_code == 400
    assert 'data-testid="error-alias">Y030007<' in answer.text
    assert "nonce: must hold 22 characters" in answer.text


@pytest.mark.parametrize("error", [errors.AbandonedError, errors.InvalidIdpHintError])
def test_france_connect_sends_the_others_back(ask, error):
    """Giving up and a refused hint go to the service there too."""
    answer = ask(error(), return_path=path(profile="franceconnect"))

    assert query(answer)["error"] == [error.oauth]


def test_form_post_needs_no_script(ask):
    """The answer travels in a form, whose policy allows the service and nobody else."""
    answer = ask(errors.AbandonedError(), return_path=path(response_mode="form_post"))

    assert answer.status_code == 200
    assert f'action="{CALLBACK}"' in answer.text
    assert 'name="state" value="a b&amp;c"' in answer.text
    assert (
        "form-action 'self' https://service.example;" in answer.headers["Content-Security-Policy"]
    )


def test_success_takes_the_same_road(app):
    """state and iss are in every answer."""
    with app.test_request_context("/page"):
        answer = return_to_service(path(), {"code": "c0de"})

    assert query(answer) == {"code": ["c0de"], "state": ["a b&c"], "iss": [ISSUER]}


# --- JSON ---------------------------------------------------------------------------------------


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


# --- what goes wrong with us --------------------------------------------------------------------


def test_a_database_away_says_so(ask):
    """503 with a sentence and the time to wait; the statement is not shown."""
    fault = OperationalError("SELECT secret FROM person", {"n": "DURAND"}, Exception("gone"))
    answer = ask(fault)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "momentanément indisponible" in answer.text
    assert "SELECT" not in answer.text
    assert "DURAND" not in answer.text


def test_a_real_database_away_says_so(app, raised):
    """Not only an exception made by hand: a file that cannot be opened."""
    engine = create_engine("sqlite:////nowhere/at/all.sqlite")

    @app.get("/real")
    def real():
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT 1")))

    assert app.test_client().get("/real").status_code == 503


def test_a_defect_shows_a_reference_and_nothing_else(ask):
    """No stack trace, no message: the reference is in the log too."""
    with capture_logs() as logged:
        answer = ask(ValueError("Claire DURAND 2 85 03"))

    assert answer.status_code == 500
    assert "DURAND" not in answer.text
    assert "Traceback" not in answer.text
    assert logged[0]["reference"] in answer.text


def test_the_log_of_a_defect_says_where_and_quotes_nothing(ask):
    """Row 44: the message of an exception may hold a name."""
    with capture_logs() as logged:
        ask(ValueError("Claire DURAND 2 85 03"))

    assert logged[0]["log_level"] == "error"
    assert logged[0]["fault"] == "ValueError"
    assert any("test_answers.py" in place for place in logged[0]["trail"])
    assert "DURAND" not in str(logged)


def test_private_facts_reach_the_log_only(ask):
    """What helps the operator is logged once, with the number and the reference."""
    with capture_logs() as logged:
        answer = ask(errors.UpstreamNonceError(log={"check": "wrong_nonce"}))

    assert [line["check"] for line in logged] == ["wrong_nonce"]
    assert logged[0]["number"] == "B0336"
    assert "wrong_nonce" not in answer.text


def test_a_reference_can_be_read_aloud(ask):
    """Eight characters, none of which is taken for another."""
    with capture_logs() as logged:
        ask(errors.StepProofError())

    reference = logged[0]["reference"]
    assert len(reference) == 9
    assert reference[4] == "-"
    assert not set(reference) & set("ILOUilou")


# --- forms --------------------------------------------------------------------------------------


def test_a_form_without_its_token_is_refused(app):
    """Row 32: Y470002 when the token is missing."""
    answer = app.test_client().post("/form")

    assert answer.status_code == 400
    assert 'data-testid="error-alias">Y470002<' in answer.text


def test_a_form_of_another_browser_is_refused(app):
    """Row 32: a token that this browser never received."""
    answer = app.test_client().post("/form", data={"csrf_token": "stolen"})

    assert answer.status_code == 400
    assert 'data-testid="error-alias">Y47000' in answer.text


# --- small parts --------------------------------------------------------------------------------


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
