"""The page of a fault: what happened in one sentence, what to do, the way back."""

from typing import NamedTuple

import structlog
from flask import Flask, g, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound

_log = structlog.get_logger()


class Fault(NamedTuple):
    """What the page of a fault says."""

    title: LazyString
    happened: LazyString
    next: LazyString


_NOT_FOUND = Fault(
    _("This page does not exist"),
    _("The address has changed, or a letter is missing in it."),
    _("Go back to the first page: everything can be reached from there."),
)
_OLD_FORM = Fault(
    _("This page had been open for too long"),
    _("The button you pressed was on a page that is no longer up to date. Nothing was done."),
    _("Go back to the first page and press the button again."),
)
_UNAVAILABLE = Fault(
    _("This site is not available for the moment"),
    _("We cannot reach our own records. Nothing is lost and nothing was done by halves."),
    _("Wait a few minutes, then try again."),
)
_REFUSED = Fault(
    _("This request could not be read"),
    _("The page was asked for in a way that it does not understand. Nothing was done."),
    _("Go back to the first page and start again from there."),
)
_OURS = Fault(
    _("Something went wrong on our side"),
    _("An unexpected problem stopped this page. It is not your fault."),
    _("Wait a few minutes, then try again."),
)


def mount_faults(app: Flask) -> None:
    """Give every fault its page; the reason goes to the log."""
    app.register_error_handler(CSRFError, lambda _fault: _page(_OLD_FORM, 400))
    app.register_error_handler(NotFound, lambda _fault: _page(_NOT_FOUND, 404))
    app.register_error_handler(SQLAlchemyError, _storage)
    app.register_error_handler(HTTPException, _http)


def _storage(fault: Exception) -> tuple[str, int]:
    _log.error("database:unreachable", kind=type(fault).__name__, path=request.path)
    return _page(_UNAVAILABLE, 503, alone=True)


def _http(fault: HTTPException) -> tuple[str, int]:
    status = fault.code or 500
    return _page(_OURS if status >= 500 else _REFUSED, status, alone=status >= 500)  # noqa: PLR2004 - the first status that is our fault


def _page(fault: Fault, status: int, *, alone: bool = False) -> tuple[str, int]:
    """`alone` draws the page without asking any store, which may be what failed."""
    g.alone = alone
    return render_template("fault.html", fault=fault), status
