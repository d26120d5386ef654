"""An error becomes a page, or goes back to the service."""

from urllib.parse import parse_qs, urlsplit

import pytest

from broker import errors
from broker.pages import WayBack
from broker.returning import ReturnPath, return_to_service

ISSUER = "https://broker.example/api/v2"
CALLBACK = "https://service.example/callback"


def path(**facts) -> ReturnPath:
    return ReturnPath(**{"redirect_uri": CALLBACK, "state": "a b&c", "issuer": ISSUER, **facts})


def query(answer) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.headers["Location"]).query)


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
    answer = ask(
        errors.StepProofError(), way_back=lambda: WayBack("Ameli", "https://ameli.example/")
    )

    assert 'href="https://ameli.example/" data-testid="home">Revenir à Ameli<' in answer.text


def test_without_a_home_page_the_way_back_is_the_answer_to_the_service(ask):
    """The service learns that the person gave up."""
    answer = ask(errors.StepProofError(), return_path=path(), way_back=lambda: WayBack("Ameli"))

    assert f"{CALLBACK}?error=access_denied" in answer.text
    assert "state=a+b%26c" in answer.text


def test_an_error_of_a_provider_offers_the_others(ask):
    """Another choice may help, and leaving stays possible."""
    way = WayBack("Ameli", None, "/login/1/providers", "/login/1/abandon")
    answer = ask(errors.ProviderDisabledError(), way_back=lambda: way)

    assert 'href="/login/1/providers" data-testid="other-account"' in answer.text
    assert 'href="/login/1/abandon" data-testid="abandon"' in answer.text


def test_waiting_is_told_in_seconds(ask):
    """429 and 503 say when to come back."""
    assert ask(errors.TooManyRequestsError(retry_after=90)).headers["Retry-After"] == "90"


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
    assert 'data-alias="Y030007"' in answer.text
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
