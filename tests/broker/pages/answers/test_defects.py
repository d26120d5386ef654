"""What goes wrong with us, and forms that are not ours."""

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from broker import errors

ISSUER = "https://broker.example/api/v2"
CALLBACK = "https://service.example/callback"


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
    assert any(place.startswith("conftest.py:") for place in logged[0]["trail"])
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


def test_a_form_without_its_token_is_refused(app):
    """Row 32: Y470002 when the token is missing."""
    answer = app.test_client().post("/form")

    assert answer.status_code == 400
    assert 'data-alias="Y470002"' in answer.text


def test_a_form_of_another_browser_is_refused(app):
    """Row 32: a token that this browser never received."""
    answer = app.test_client().post("/form", data={"csrf_token": "stolen"})

    assert answer.status_code == 400
    assert 'data-alias="Y47000' in answer.text
