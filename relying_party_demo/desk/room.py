"""Who is at the desk in this browser: a cookie of its own, which no page of a person reads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

import structlog
from flask import current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug import Response

from relying_party_demo.backchannel import InsurerAwayError
from relying_party_demo.desk.line import DeskLine, DeskRefusedError, NotAtWorkError
from relying_party_demo.desk.phrases import unknown_number
from relying_party_demo.desk.words import REFUSALS, REFUSED
from relying_party_demo.outside import Clock

COOKIE = "passerelle_desk"
_CLOSED = "desk_closed"
_STATUS = {"consultation_unknown": 404, "case_unknown": 404, "consultation_limit": 429}
_ENDED = _("Your session has ended: log in again. What you did is kept.")
_log = structlog.get_logger()

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Room:
    """The desk of one portal; `random` gives so many unguessable bytes."""

    line: DeskLine
    clock: Clock
    random: Callable[[int], bytes]
    cookie: str
    secure: bool

    def let_in(self, token: str, response: Response) -> None:
        """The cookie of a new session, for this site alone and never for a script."""
        response.set_cookie(
            self.cookie, token, secure=self.secure, httponly=True, samesite="Strict", path="/"
        )

    def let_out(self, response: Response) -> None:
        """No advisor in this browser any more."""
        response.delete_cookie(
            self.cookie, secure=self.secure, httponly=True, samesite="Strict", path="/"
        )

    def token(self) -> str | None:
        """What the cookie of this request holds."""
        return request.cookies.get(self.cookie)


def room() -> Room:
    """The desk of the portal that answers this request."""
    return cast("Room", current_app.extensions["advisor_desk"])


def alone() -> None:
    """Before each page of the desk: whoever is signed in as a person is not looked at."""
    g.alone = True


def at_work(
    view: Callable[Concatenate[str, Arguments], Any],
) -> Callable[Arguments, Any]:
    """Only for an advisor who is signed in; the view is given the token of the session."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Any:
        token = room().token()
        if not token:
            return redirect(url_for("desk.entrance"), 303)
        try:
            return view(token, *args, **kwargs)
        except NotAtWorkError:
            return _out(_ENDED)
        except DeskRefusedError as refusal:
            if refusal.error == _CLOSED:
                return _out(REFUSALS[_CLOSED])
            return refused_page(refusal)
        except InsurerAwayError as away:
            return away_page(away)

    return guarded


def refused_page(refusal: DeskRefusedError) -> tuple[str, int]:
    """What the insurer refused, and the way back to the desk."""
    said = REFUSALS.get(refusal.error, REFUSED)
    if refusal.error == "case_unknown":
        said = unknown_number(str((request.view_args or {}).get("number", "")))
    status = _STATUS.get(refusal.error, 409)
    # A consultation that does not exist is nowhere to go back to.
    beside = request.method == "POST" and refusal.error not in _STATUS
    number = (request.view_args or {}).get("number") if beside else None
    back = url_for("looking.read", number=number) if number else None
    return render_template("desk/refused.html", said=said, back=back), status


def away_page(away: InsurerAwayError) -> tuple[str, int]:
    """The insurer does not answer."""
    _log.warning("desk:unanswered", check=str(away))
    return render_template("desk/away.html"), 503


def _out(said: Any) -> Response:
    flash(str(said), "warning")
    response = make_response(redirect(url_for("desk.entrance"), 303))
    room().let_out(response)
    return response
