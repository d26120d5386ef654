"""Faults that other libraries raise, as errors of the catalogue."""

import traceback
from pathlib import Path

from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from broker.errors.browsing import (
    FormExpiredError,
    FormSessionMissingError,
    FormTokenError,
    FormTokenMissingError,
)
from broker.errors.platform import (
    InternalError,
    MediaTypeError,
    MethodNotAllowedError,
    PageNotFoundError,
    PlatformError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from broker.errors.record import PasserelleError

_RETRY_SECONDS = 10
_FRAMES = 12

_BY_STATUS: dict[int | None, type[PasserelleError]] = {
    404: PageNotFoundError,
    405: MethodNotAllowedError,
    413: TooLargeError,
    415: MediaTypeError,
    429: TooManyRequestsError,
    500: InternalError,
    503: UnavailableError,
}

# Flask-WTF tells its four cases apart by their sentences only.
_BY_SENTENCE: dict[str, type[PasserelleError]] = {
    "The CSRF token is missing.": FormTokenMissingError,
    "The CSRF session token is missing.": FormSessionMissingError,
    "The CSRF token has expired.": FormExpiredError,
}

_DEFECTS = (DataError, IntegrityError, ProgrammingError)


def of_http(fault: HTTPException) -> PasserelleError:
    """The error for a refusal of HTTP itself."""
    return _BY_STATUS.get(fault.code, PlatformError)()


def of_csrf(fault: CSRFError) -> PasserelleError:
    """The error for a form whose token is not good."""
    return _BY_SENTENCE.get(str(fault.description), FormTokenError)()


def of_database(fault: DBAPIError | PoolTimeoutError) -> PasserelleError:
    """A statement the database refused is a defect of ours; anything else is a database away."""
    if isinstance(fault, _DEFECTS) and not fault.connection_invalidated:
        return InternalError()
    return UnavailableError(retry_after=_RETRY_SECONDS)


def of_surprise(_fault: Exception) -> PasserelleError:
    """The error for a defect; its message may quote what a person typed, so it goes nowhere."""
    return InternalError()


def trail(fault: BaseException) -> list[str]:
    """Where it happened, innermost last, without any value: a message may hold a secret."""
    frames = traceback.extract_tb(fault.__traceback__)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
