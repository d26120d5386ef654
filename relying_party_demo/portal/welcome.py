"""The pages in front of the door: the first one, and the ways in."""

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from relying_party_demo.classic.signing_in import sign_in_page
from relying_party_demo.door.door import signed_in
from relying_party_demo.door.views import back_from_logout, just_left
from relying_party_demo.settings import PortalTable

views = Blueprint("welcome", __name__)


def mount(app: Flask, service: PortalTable) -> None:
    """Give `app` these pages; they name the accounts that a person may already have."""
    names = tuple(service.provider_names.values())
    app.jinja_env.globals["provider_names"] = names
    app.register_blueprint(views)


@views.get("/")
def first() -> ResponseReturnValue:
    """What this site is for, and the way in; people arrive here after a logout."""
    return back_from_logout() or render_template("first.html", just_left=just_left())


@views.get("/connexion")
def sign_in() -> ResponseReturnValue:
    """The ways in; whoever is in already goes on."""
    if signed_in():
        return redirect(url_for("account.home"), 303)
    return sign_in_page()
