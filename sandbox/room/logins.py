"""The timeline of each login, as a page and as a file."""

import json

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template
from werkzeug import Response as AnyResponse

from sandbox.recording.recorder import Recorder
from sandbox.recording.telling import tell
from sandbox.recording.timeline import Login, logins

views = Blueprint("logins", __name__, url_prefix="/logins")


@views.get("")
def show() -> str:
    """The recorded logins, the latest first."""
    return render_template("logins.html", logins=[tell(login) for login in _logins()])


@views.get("/<number>")
def timeline(number: str) -> str:
    """One login, hop by hop."""
    return render_template("login.html", login=tell(_found(number)))


@views.get("/<number>.json")
def export(number: str) -> Response:
    """The same as a file, without any secret."""
    response = make_response(json.dumps(tell(_found(number)), ensure_ascii=False, indent=1))
    response.content_type = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="login-{number}.json"'
    return response


@views.post("/clear")
def clear() -> AnyResponse:
    """Forget every login."""
    _recorder().clear()
    return redirect("/logins", 303)


def _recorder() -> Recorder:
    recorder: Recorder = current_app.extensions["room"].recorder
    return recorder


def _logins() -> list[Login]:
    return logins(_recorder().all())


def _found(number: str) -> Login:
    return next((login for login in _logins() if login.id == number), None) or abort(404)
