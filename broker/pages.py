"""
The only place where an error becomes a page, a redirect or JSON.

An error is born anywhere and carries its own fate. Here it is written to the log once, with a
short reference and its private facts, and drawn without them. Nothing unexpected shows more than
that reference.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from broker.errors import Fate, PasserelleError
from broker.errors.libraries import of_csrf, of_database, of_http, of_surprise, trail
from broker.look.language import place, safe_place
from broker.returning import ReturnPath, api_answer, return_to_service
from broker.screens import ErrorScreen, render

_LOG = structlog.get_logger("broker.errors")
_REFERENCE_BYTES = 5
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud without mistake
_PAGES_OF_THE_API = ("/authorize", "/session/end")
_FIRST_FAULT_OF_OURS = 500


@dataclass(frozen=True, slots=True)
class WayBack:
    """
    Where a page of error may lead; `flask.g.way_back` makes it once the service is proven.

    `service` is its name, `home_url` its own page, `providers_url` the page of providers of this
    login where another choice may help, `abandon_url` the way out of this login, `continue_url`
    the step it stands at, for a page that nobody should have come to.
    """

    service: str
    home_url: str | None = None
    providers_url: str | None = None
    abandon_url: str | None = None
    continue_url: str | None = None


@dataclass(frozen=True, slots=True)
class _ErrorDesk:
    random: Callable[[int], bytes]

    def refused(self, error: PasserelleError) -> Response:
        """A refusal of the catalogue."""
        self._write(error)
        return self._answer(error)

    def http(self, fault: HTTPException) -> Response:
        """What Flask itself refuses: no such address, wrong method, a form without its token."""
        error = of_csrf(fault) if isinstance(fault, CSRFError) else of_http(fault)
        self._write(error, http=fault.code)
        answer = self._answer(error)
        if isinstance(fault, MethodNotAllowed) and fault.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(fault.valid_methods))
        return answer

    def database(self, fault: DBAPIError | PoolTimeoutError) -> Response:
        """The database is away, or refused a statement of ours."""
        error = of_database(fault)
        self._write(error, fault=type(fault).__name__, trail=trail(fault))
        return self._answer(error)

    def surprise(self, fault: Exception) -> Response:
        """Anything else: a defect of ours."""
        self._write(of_surprise(fault), fault=type(fault).__name__, trail=trail(fault))
        return self._answer(of_surprise(fault))

    def reference(self) -> str:
        """Eight characters that tie what the person sees to what the log holds."""
        made: str | None = g.get("reference")
        if made is None:
            number = int.from_bytes(self.random(_REFERENCE_BYTES), "big")
            letters = "".join(_DIGITS[number >> shift & 31] for shift in range(35, -5, -5))
            g.reference = made = f"{letters[:4]}-{letters[4:]}"
        return made

    def _write(self, error: PasserelleError, **facts: object) -> None:
        write = _LOG.error if error.status >= _FIRST_FAULT_OF_OURS else _LOG.info
        write(
            "refused",
            number=error.number,
            error=type(error).__name__,
            status=error.status,
            reference=self.reference(),
            method=request.method,
            endpoint=request.endpoint,
            **{**error.log, **facts},
        )

    def _answer(self, error: PasserelleError) -> Response:
        if speaks_json():
            return api_answer(error)
        path: ReturnPath | None = g.get("return_path")
        if path and error.fate is Fate.REDIRECTED and path.takes(error):
            return return_to_service(path, path.refusal(error), self._service())
        return self._page(error, path)

    def _page(self, error: PasserelleError, path: ReturnPath | None) -> Response:
        way = _way_back() or _way_on(error) or WayBack("")
        home = way.home_url or (path.abandon_url() if path else None)
        if request.method == "POST" and way.providers_url:
            g.setdefault("place", way.providers_url)
        answer = render(
            ErrorScreen(
                error=error,
                reference=self.reference(),
                service=way.service or None,
                home_url=None if way.abandon_url else home,
                other_account_url=way.providers_url if error.fate is Fate.BANNER else None,
                abandon_url=way.abandon_url,
                continue_url=way.continue_url,
                again_url=_again(error),
            )
        )
        if error.retry_after is not None:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    @staticmethod
    def _service() -> str | None:
        way = _way_back()
        return way.service if way else None


def _way_back() -> WayBack | None:
    make: Callable[[], WayBack] | None = g.get("way_back")
    return make() if make else None


def _way_on(error: PasserelleError) -> WayBack | None:
    """What `app.extensions["ways_on"]` finds; nothing is asked of a broker that is failing."""
    find: Callable[[], WayBack | None] | None = current_app.extensions.get("ways_on")
    if find is not None and error.status < _FIRST_FAULT_OF_OURS:
        with suppress(DBAPIError, PoolTimeoutError):
            return find()
    return None


def _again(error: PasserelleError) -> str | None:
    """The same page once more, after a fault of ours; what a provider sent is not sent twice."""
    ours = error.status >= _FIRST_FAULT_OF_OURS and error.fate is Fate.SHOWN
    repeatable = request.method == "GET" and not request.path.startswith("/callback/")
    return safe_place(place()) if ours and repeatable else None


def mount_error_pages(app: Flask, random: Callable[[int], bytes]) -> None:
    """Let every error of `app` end here; `random` makes the references."""
    desk = _ErrorDesk(random)
    app.extensions["error_desk"] = desk
    app.register_error_handler(PasserelleError, desk.refused)
    app.register_error_handler(HTTPException, desk.http)
    app.register_error_handler(DBAPIError, desk.database)
    app.register_error_handler(PoolTimeoutError, desk.database)
    app.register_error_handler(Exception, desk.surprise)


def speaks_json() -> bool:
    """Whether this address answers programs; the two of the API that browsers open do not."""
    for_programs = request.path.startswith("/api/") or request.path == "/metrics"
    return for_programs and not request.path.endswith(_PAGES_OF_THE_API)
