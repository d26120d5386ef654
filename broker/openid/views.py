"""The addresses of the OpenID Provider."""

from dataclasses import dataclass

from flask import Blueprint, Response, g, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from broker.audit.events import Event
from broker.errors import AbandonedError
from broker.keys.ring import KeyRing
from broker.login import store
from broker.login.attempt import Attempt
from broker.login.desk import Desk, entering
from broker.login.steps import ABANDON
from broker.openid.authorize import AuthorizeDesk
from broker.openid.discovery import metadata
from broker.openid.hub import LoginHub
from broker.openid.logout import LogoutDesk
from broker.openid.token import TokenServer
from broker.openid.userinfo import UserinfoDesk
from broker.screens import LoggedOutScreen, LogoutConfirmScreen, render
from broker.settings import BrokerTable

API = "/api/v2"
_PUBLIC = {"Cache-Control": "public, max-age=600", "Access-Control-Allow-Origin": "*"}


@dataclass(frozen=True, slots=True)
class OpenIdDesks:
    """What stands behind each endpoint."""

    authorize: AuthorizeDesk
    token: TokenServer
    userinfo: UserinfoDesk
    logout: LogoutDesk


def openid_api(settings: BrokerTable, desks: OpenIdDesks, keys: KeyRing) -> Blueprint:
    """The endpoints that programs call; no cookie, no form token."""
    blueprint = Blueprint("openid", __name__, url_prefix=API)
    known = metadata(settings)

    @blueprint.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return _public(jsonify(known))

    @blueprint.get("/jwks")
    def jwks() -> Response:
        return _public(jsonify(keys.published()))

    @blueprint.route("/authorize", methods=["GET", "POST"])
    def authorize() -> AnyResponse:
        return desks.authorize.answer()

    @blueprint.post("/token")
    def token() -> Response:
        return desks.token.answer()

    @blueprint.route("/userinfo", methods=["GET", "POST"])
    def userinfo() -> Response:
        return desks.userinfo.answer()

    @blueprint.route("/session/end", methods=["GET", "POST"])
    def end_session() -> AnyResponse:
        return _end_session(desks.logout)

    return blueprint


def leaving_pages(desk: Desk, hub: LoginHub, logout: LogoutDesk) -> Blueprint:
    """The pages around a login that belong to no single step: leaving and logging out."""
    blueprint = Blueprint("leaving", __name__)

    def abandon(attempt: Attempt) -> AnyResponse:
        marks = {"attempt": attempt.id, "client_id": attempt.request.client_id}
        with desk.engine.begin() as tx:
            store.save(tx, attempt.with_facts(ended=True, sealed_identity=None))
            desk.journal.write(tx, Event.LOGIN_ABANDONED, **marks)
        g.return_path = hub.return_path(attempt)
        raise AbandonedError

    guarded = entering(desk, hub, ABANDON, "abandon")(abandon)
    blueprint.add_url_rule("/login/<attempt_id>/abandon", "abandon", guarded)

    @blueprint.post("/logout")
    def confirmed() -> AnyResponse:
        sealed = request.args.get("return")
        return redirect(logout.end(logout.current(), logout.back_from_upstream(sealed)), 303)

    @blueprint.get("/logged-out")
    def logged_out() -> AnyResponse:
        back = logout.back_from_upstream(request.args.get("state"))
        return redirect(back, 303) if back else render(LoggedOutScreen())

    return blueprint


def _public(answer: Response) -> Response:
    answer.headers.update(_PUBLIC)
    return answer


def _end_session(logout: LogoutDesk) -> AnyResponse:
    asked = logout.read(request.values.to_dict())
    running = logout.current()
    if logout.is_confirmed(asked, running):
        return redirect(logout.end(running, asked.return_to), 303)
    return render(
        LogoutConfirmScreen(
            service=asked.client.settings.name if asked.client else None,
            form_targets=logout.desk.form_targets,
            confirm_url=logout.confirm_url(asked),
            stay_url=asked.client.settings.home_url if asked.client else None,
        )
    )
