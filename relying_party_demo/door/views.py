"""Out to the broker, back from it, the page that says why a login ended, and the way out."""

import hmac
import re
from urllib.parse import urlencode

import structlog
from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from relying_party_demo.door.door import Door, here, signed_in
from relying_party_demo.door.notices import mount_notices
from relying_party_demo.openid.errors import ENDS, LoginError, SessionEndedError
from relying_party_demo.sessions.store import SignedIn

views = Blueprint("door", __name__)

_NUMBER = re.compile(r"[A-Z][0-9A-F]{4,6}")
_LEAVING, _LEFT = "leaving", "left"
_log = structlog.get_logger()


def mount_door_views(app: Flask) -> None:
    """The addresses of the door, and the one rendering of every LoginError."""
    app.register_blueprint(views)
    mount_notices(app)
    app.register_error_handler(LoginError, _ended)


@views.post("/connexion/passerelle")
def identify() -> Response:
    """Off to the broker."""
    door = here()
    return redirect(door.party.begin(door.browser(), str(get_locale())), 303)


@views.get("/callback")
def callback() -> Response:
    """Back from the broker; whatever happened, the next page can be refreshed without harm."""
    door = here()
    who = door.party.finish(door.known_browser(), request.args.to_dict(flat=False))
    response = redirect(url_for(door.house.inside), 303)
    door.let_in(who, response)
    return response


@views.get("/connexion/suite/<slug>")
def ended(slug: str) -> tuple[str, int]:
    """What happened and how to go on; nothing on this page comes from its address but a number."""
    end = ENDS.get(slug) or abort(404)
    number = request.args.get("numero", "")
    shown = number if _NUMBER.fullmatch(number) else None
    return render_template("ended.html", end=end, number=shown), end.status


@views.post("/deconnexion")
def leave() -> Response:
    """Out of here, then out of the broker; logins begun in other tabs of this browser are void."""
    door, person = here(), signed_in()
    session.clear()
    target = url_for(door.house.entrance)
    if person:
        state = door.outside.random(24).hex()
        try:
            target = _way_out(door, person, state) or target
        except LoginError as fault:
            _log.warning("logout:broker:away", check=fault.detail)
            flash(
                _(
                    "You are logged out of this site, but we could not tell the service that "
                    "identified you. On a shared computer, close all the windows of the browser."
                ),
                "warning",
            )
        else:
            session[_LEAVING] = state
    response = redirect(target, 303)
    door.let_out(response)
    return response


@views.get("/session")
def remaining() -> Response:
    """How many seconds this session still has; asking does not make it longer."""
    return _seconds(extend=False)


@views.post("/session")
def extend() -> Response:
    """The person is still there."""
    return _seconds(extend=True)


def back_from_logout() -> Response | None:
    """
    Whoever comes back from a logout that this browser started goes on to the same page, which says
    so once: the address bar keeps nothing of it. None for everybody else.
    """
    if "state" not in request.args:
        return None
    expected, given = session.pop(_LEAVING, ""), request.args["state"]
    session[_LEFT] = bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
    return redirect(request.path, 303)


def just_left() -> bool:
    """Whether a logout that this browser started has just ended; told once."""
    return bool(session.pop(_LEFT, False))


def _way_out(door: Door, person: SignedIn, state: str) -> str | None:
    """Out of the broker too, for whoever came through it."""
    if person.id_token:
        return door.party.logout_url(person.id_token, state)
    return f"/?{urlencode({'state': state})}"


def _seconds(*, extend: bool) -> Response:
    door = here()
    text = door.cookie()
    read = door.sessions.use if extend else door.sessions.look
    person = read(text) if text else None
    left = person.until - door.outside.clock() if person else 0
    return jsonify(seconds=max(0, int(left)))


def _ended(end: LoginError) -> Response:
    _log.info("login:ended", end=end.slug, check=end.detail, number=end.number)
    response = redirect(url_for("door.ended", slug=end.slug, numero=end.number), 303)
    if isinstance(end, SessionEndedError):
        here().let_out(response)
    return response
