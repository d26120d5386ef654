"""The door of the desk, and its first page: who calls, what waits."""

from flask import Blueprint, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from relying_party_demo.backchannel import InsurerAwayError
from relying_party_demo.desk.drawn import fresh, signed_out_page, who_calls
from relying_party_demo.desk.forms import StaffForm
from relying_party_demo.desk.line import DeskRefusedError, NotAtWorkError
from relying_party_demo.desk.room import alone, at_work, away_page, room
from relying_party_demo.desk.words import REFUSALS, REFUSED

views = Blueprint("desk", __name__, url_prefix="/conseiller", template_folder="templates")
views.before_request(alone)
_STATUS = {"too_many": 429}


@views.get("")
def entrance() -> ResponseReturnValue:
    """The desk for whoever is at work, its door for others."""
    return _desk() if room().token() else signed_out_page(fresh(StaffForm))


@at_work
def _desk(token: str) -> str:
    return who_calls(room().line.overview(token))


@views.post("/connexion")
def sign_in() -> ResponseReturnValue:
    """In, or why not."""
    form = StaffForm()
    if not form.validate():
        return signed_out_page(form), 422
    try:
        who = room().line.sign_in(form.name.data, form.password.data, form.code.data)
    except DeskRefusedError as refusal:
        said = REFUSALS.get(refusal.error, REFUSED)
        return signed_out_page(form, said), _STATUS.get(refusal.error, 403)
    except InsurerAwayError as away:
        return away_page(away)
    session.pop("csrf_token", None)  # forms drawn before the sign-in are void after it
    response = make_response(redirect(url_for("desk.entrance"), 303))
    room().let_in(who.token, response)
    return response


@views.post("/deconnexion")
def sign_out() -> ResponseReturnValue:
    """Out, whether or not the insurer answers: a session nobody uses ends by itself."""
    token = room().token()
    if token:
        try:
            room().line.sign_out(token)
        except NotAtWorkError:
            pass
        except (DeskRefusedError, InsurerAwayError):
            return render_template("desk/away.html"), 503
    session.pop("csrf_token", None)
    response = make_response(redirect(url_for("desk.entrance"), 303))
    room().let_out(response)
    return response
