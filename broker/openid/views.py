"""The addresses of the OpenID Provider."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from broker.audit.events import Event
from broker.errors import AbandonedError
from broker.keys.ring import KeyRing
from broker.login import store
from broker.login.attempt import Attempt
from broker.login.desk import Desk, entering
from broker.login.steps import ABANDON
from broker.openid.authorize import RESUME, AuthorizeDesk
from broker.openid.checktoken import ChecktokenDesk
from broker.openid.cors import allow_browsers
from broker.openid.discovery import metadata
from broker.openid.hub import LoginHub
from broker.openid.inspection import InspectionDesk
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
    inspection: InspectionDesk
    checktoken: ChecktokenDesk
    logout: LogoutDesk


def openid_api(settings: BrokerTable, desks: OpenIdDesks, keys: KeyRing) -> Blueprint:
    """The endpoints that programs call; no cookie, no form token."""
    blueprint = Blueprint("openid", __name__, url_prefix=API)
    known = json.dumps(metadata(settings)).encode()
    get, post, both = ["GET"], ["POST"], ["GET", "POST"]
    inspection = desks.inspection
    for path, name, view, methods in (
        ("/.well-known/openid-configuration", "discovery", lambda: _public(known), get),
        ("/jwks", "jwks", lambda: _public(json.dumps(keys.published()).encode()), get),
        ("/authorize", "authorize", desks.authorize.answer, both),
        ("/par", "push", lambda: desks.authorize.push(inspection.authenticator), post),
        ("/token", "token", desks.token.answer, post),
        ("/userinfo", "userinfo", desks.userinfo.answer, both),
        ("/introspect", "introspect", inspection.introspect, post),
        ("/token/revocation", "revoke", inspection.revoke, post),
        ("/checktoken", "checktoken", desks.checktoken.answer, post),
        ("/session/end", "end_session", lambda: _end_session(desks.logout), both),
    ):
        blueprint.add_url_rule(path, name, view, methods=methods)
    allow_browsers(blueprint, desks.authorize.clients)
    return blueprint


def leaving_pages(desk: Desk, hub: LoginHub, desks: OpenIdDesks) -> Blueprint:
    """The pages around a login that belong to no step: coming by POST, leaving, logging out."""
    blueprint, logout = Blueprint("leaving", __name__), desks.logout

    def abandon(attempt: Attempt) -> AnyResponse:
        marks = {"attempt": attempt.id, "client_id": attempt.request.client_id}
        with desk.engine.begin() as tx:
            store.save(tx, attempt.with_facts(ended=True, sealed_identity=None))
            desk.journal.write(tx, Event.LOGIN_ABANDONED, **marks)
        g.return_path = hub.return_path(attempt)
        raise AbandonedError

    guarded = entering(desk, hub, ABANDON, "abandon")(abandon)
    blueprint.add_url_rule("/login/<attempt_id>/abandon", "abandon", guarded)
    blueprint.add_url_rule(f"{RESUME}/<reference>", "resume", desks.authorize.resume)

    @blueprint.post("/logout")
    def confirmed() -> AnyResponse:
        sealed = request.args.get("return")
        return redirect(logout.end(logout.current(), logout.back_from_upstream(sealed)), 303)

    @blueprint.get("/logged-out")
    def logged_out() -> AnyResponse:
        back = logout.back_from_upstream(request.args.get("state"))
        return redirect(back, 303) if back else render(LoggedOutScreen())

    return blueprint


def _public(document: bytes) -> Response:
    return Response(document, mimetype="application/json", headers=_PUBLIC)


def _end_session(logout: LogoutDesk) -> AnyResponse:
    g.ui_locales = request.values.get("ui_locales")
    asked = logout.read(request.values)
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
