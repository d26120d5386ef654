"""What the door of a service is made of, and who stands in front of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, cast

from flask import Flask, current_app, g, redirect, request, session, url_for
from werkzeug import Response

from relying_party_demo.openid.attempts import TABLES as ATTEMPT_TABLES
from relying_party_demo.openid.attempts import Attempts
from relying_party_demo.openid.errors import SessionEndedError
from relying_party_demo.openid.login import Identified, RelyingParty
from relying_party_demo.outside import Outside
from relying_party_demo.sessions.database import open_database
from relying_party_demo.sessions.devices import Devices
from relying_party_demo.sessions.elsewhere import Elsewhere
from relying_party_demo.sessions.store import TABLES as SESSION_TABLES
from relying_party_demo.sessions.store import Sessions, SignedIn
from relying_party_demo.settings import ServiceTable

Keep = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Claims of userinfo -> those the session keeps; UnverifiedAnswerError when one is missing."""

Arguments = ParamSpec("Arguments")

_BROWSER = "browser"
"""Where the signed cookie of forms keeps the text that binds unfinished logins to a browser."""


@dataclass(frozen=True, slots=True)
class House:
    """What a service says of itself to its door; `entrance` and `inside` are endpoints."""

    cookie: str
    entrance: str
    inside: str
    keep: Keep


class Door:
    """The door of one service."""

    def __init__(self, house: House, service: ServiceTable, outside: Outside) -> None:
        engine = open_database(service.database, (ATTEMPT_TABLES, SESSION_TABLES))
        attempts = Attempts(engine, service.secret, service.attempt_seconds, outside)
        self.house = house
        self.outside = outside
        self.party = RelyingParty(service, attempts, outside)
        self.sessions = Sessions(engine, service.idle_seconds, outside)
        self.devices = Devices(engine, service.idle_seconds, outside)
        self.elsewhere = Elsewhere(engine, outside)

    def browser(self) -> str:
        """
        The text that this browser keeps while a login is under way, made when there is none.

        It outlives the login, so that a second tab can finish its own; it opens nothing.
        """
        if _BROWSER not in session:
            session[_BROWSER] = self.outside.random(24).hex()
        return str(session[_BROWSER])

    def known_browser(self) -> str | None:
        """The same, None when this browser started no login."""
        return session.get(_BROWSER)

    def let_in(self, who: Identified, response: Response) -> None:
        """A new session in this browser, in place of any older one."""
        person = SignedIn(
            who.subject, who.level, who.at, self.house.keep(who.claims), who.id_token, until=0.0
        )
        text = self.sessions.open(person, replacing=self.cookie())
        if who.sid:
            self.elsewhere.note(text, who.sid)
        session.pop("csrf_token", None)  # forms drawn before the login are void after it
        config = current_app.config
        response.set_cookie(
            config["DOOR_COOKIE"],
            text,
            secure=config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )

    def let_out(self, response: Response) -> None:
        """No session in this browser any more."""
        text = self.cookie()
        if text:
            self.sessions.close(text)
        config = current_app.config
        response.delete_cookie(
            config["DOOR_COOKIE"],
            secure=config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )

    def cookie(self) -> str | None:
        """The opaque text of the session's cookie."""
        return request.cookies.get(current_app.config["DOOR_COOKIE"])


def mount_door(app: Flask, door: Door, *, production: bool) -> None:
    """Give `app` its door; in production its cookies belong to this host and to https alone."""
    prefix = "__Host-" if production else ""
    app.config["DOOR_COOKIE"] = f"{prefix}{door.house.cookie}"
    app.config["SESSION_COOKIE_NAME"] = f"{prefix}{door.house.cookie}_forms"
    app.config["SESSION_COOKIE_SECURE"] = production
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.extensions["door"] = door
    app.jinja_env.globals |= {"signed_in": _shown, "seconds_left": _seconds_left}


def here() -> Door:
    """The door of the service that answers this request."""
    return cast("Door", current_app.extensions["door"])


def signed_in() -> SignedIn | None:
    """The person signed in in this browser; asking counts as activity, once a request."""
    if "signed_in" not in g:
        text = here().cookie()
        g.signed_in = here().sessions.use(text) if text else None
    return cast("SignedIn | None", g.signed_in)


def _shown() -> SignedIn | None:
    """For the frame of a page; nobody on the page of a fault, which may be the database's."""
    return None if g.get("alone") else signed_in()


def _seconds_left(person: SignedIn) -> int:
    return max(0, int(person.until - here().outside.clock()))


def members_only(
    view: Callable[Arguments, Any],
) -> Callable[Arguments, Any]:
    """Only people who are signed in see this view; `g.signed_in` is theirs."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Any:
        if signed_in() is not None:
            return view(*args, **kwargs)
        if here().cookie():
            raise SessionEndedError("session: idle, closed or unknown")
        return redirect(url_for(here().house.entrance), 303)

    return guarded
