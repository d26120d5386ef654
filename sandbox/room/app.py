"""The control room as one WSGI application."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException

from broker.settings.insured import DemonstrationAdvisor
from sandbox.clock import MovableClock
from sandbox.mailbox import Mailbox
from sandbox.recording.recorder import Recorder
from sandbox.room import clock, home, logins, messages, people, programs
from sandbox.room.languages import LANGUAGES, language, mount_languages
from sandbox.room.moments import as_moment
from sandbox.sites import Site

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_STYLE = (Path(__file__).parent / "static" / "room.css").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Room:
    """
    What there is to watch and to move.

    `accents` are the brand's colours, light and dark; `open_registration` lets any program register
    a service; `advisor` is who sits at the desk of the demonstration.
    """

    clock: MovableClock
    mailbox: Mailbox
    recorder: Recorder
    sites: Sequence[Site]
    accents: tuple[str, str]
    open_registration: bool = False
    advisor: DemonstrationAdvisor | None = None


def create_app(room: Room) -> Flask:
    """The control room of one world."""
    app = Flask(__package__, static_folder=None)
    app.extensions["room"] = room
    app.secret_key = token_hex()
    app.config.update(
        SESSION_COOKIE_NAME="passerelle_room",
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    mount_languages(app)
    csrf = CSRFProtect(app)
    csrf.exempt(programs.views)
    _mount_look(app, room)
    for part in (home, people, logins, messages, clock, programs):
        app.register_blueprint(part.views)
    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="ok", room=True))
    app.register_error_handler(HTTPException, _refused)
    return app


def _mount_look(app: Flask, room: Room) -> None:
    light, dark = room.accents
    style = f":root{{--light:{light};--dark:{dark}}}\n{_STYLE}"
    app.add_url_rule("/style.css", "style", lambda: _style_sheet(style))
    app.jinja_env.filters["moment"] = as_moment
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_everywhere)
    app.after_request(_headers)


def _everywhere() -> dict[str, object]:
    room: Room = current_app.extensions["room"]
    return {
        "room": room,
        "language": language(),
        "languages": LANGUAGES,
        "titles": {site.name: site.title for site in room.sites},
    }


def _style_sheet(text: str) -> Response:
    response = make_response(text)
    response.content_type = "text/css; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _headers(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language()
        response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _refused(error: HTTPException) -> tuple[str, int]:
    return render_template("refused.html", path=request.path), error.code or 500
