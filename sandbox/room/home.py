"""The first page: where everything is, and what to try."""

from flask import Blueprint, render_template

views = Blueprint("home", __name__)


@views.get("/")
def show() -> str:
    """Addresses and things to try."""
    return render_template("home.html")
