"""The first page: where everything is, and what to try."""

from flask import Blueprint, current_app, render_template

from sandbox.room.advisor import advisor_card
from sandbox.sites import BROKER, PORTAL, SAMPLE

views = Blueprint("home", __name__)


@views.get("/")
def show() -> str:
    """Addresses and things to try."""
    room = current_app.extensions["room"]
    found = room.sites
    mocks = [site for site in found if site.name not in {BROKER, PORTAL, SAMPLE}]
    card = advisor_card(room.advisor, found, room.clock)
    return render_template("home.html", mocks=mocks, advisor=card)
