"""What libraries raise becomes an error of the catalogue."""

import pytest
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug import exceptions

from broker.errors import (
    FormExpiredError,
    FormSessionMissingError,
    FormTokenError,
    FormTokenMissingError,
    InternalError,
    MediaTypeError,
    MethodNotAllowedError,
    PageNotFoundError,
    PlatformError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from broker.errors.libraries import of_csrf, of_database, of_http, of_surprise, trail


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (exceptions.NotFound(), PageNotFoundError),
        (exceptions.MethodNotAllowed(), MethodNotAllowedError),
        (exceptions.RequestEntityTooLarge(), TooLargeError),
        (exceptions.UnsupportedMediaType(), MediaTypeError),
        (exceptions.TooManyRequests(), TooManyRequestsError),
        (exceptions.BadRequest(), PlatformError),
        (exceptions.ImATeapot(), PlatformError),
        (exceptions.InternalServerError(), InternalError),
        (exceptions.ServiceUnavailable(), UnavailableError),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_a_refusal_of_http_has_its_error(fault, error):
    """One class for each status that people meet, a general one for the others."""
    assert type(of_http(fault)) is error


@pytest.mark.parametrize(
    ("sentence", "error"),
    [
        ("The CSRF token is missing.", FormTokenMissingError),
        ("The CSRF session token is missing.", FormSessionMissingError),
        ("The CSRF token has expired.", FormExpiredError),
        ("The CSRF tokens do not match.", FormTokenError),
        ("The CSRF token is invalid.", FormTokenError),
        ("A sentence of a later release", FormTokenError),
    ],
)
def test_a_form_without_a_good_token_has_its_error(sentence, error):
    """The four cases of the contract are told apart."""
    assert type(of_csrf(CSRFError(sentence))) is error


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError, DatabaseError])
def test_a_database_away_is_said_and_asked_again_later(kind):
    """503 with the time to wait, whatever engine it is."""
    error = of_database(kind("SELECT 1", {}, Exception("gone")))

    assert type(error) is UnavailableError
    assert error.retry_after == 10


def test_no_connection_left_is_a_database_away():
    """An exhausted pool is load, not a defect."""
    assert type(of_database(PoolTimeoutError("QueuePool limit"))) is UnavailableError


@pytest.mark.parametrize("kind", [IntegrityError, DataError, ProgrammingError])
def test_a_statement_the_database_refuses_is_our_defect(kind):
    """Waiting would not help."""
    assert type(of_database(kind("INSERT", {}, Exception("no")))) is InternalError


def test_a_refused_statement_on_a_dead_connection_is_a_database_away():
    """The connection is the cause then."""
    fault = ProgrammingError("SELECT 1", {}, Exception("gone"), connection_invalidated=True)

    assert type(of_database(fault)) is UnavailableError


def test_a_surprise_is_our_fault():
    """500, and nothing of the exception is kept in the error."""
    error = of_surprise(ValueError("Claire DURAND"))

    assert type(error) is InternalError
    assert "DURAND" not in f"{error} {error.explanation} {error.log}"


def test_a_trail_holds_places_and_no_value():
    """A message may quote what a person typed: only files, lines and functions are kept."""
    try:
        raise ValueError("2 85 03 69 383 042")  # noqa: TRY301 - the fault is the subject here
    except ValueError as fault:
        places = trail(fault)

    assert places[-1].startswith("test_libraries.py:")
    assert "2 85" not in " ".join(places)
