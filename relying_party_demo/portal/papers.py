"""The papers of a site: accessibility statement, legal notice, personal data."""

from flask import Blueprint, Flask, render_template

views = Blueprint("papers", __name__)


def mount(app: Flask) -> None:
    """Give `app` its papers."""
    app.register_blueprint(views)


@views.get("/accessibilite")
def accessibility() -> str:
    """How far these pages have been checked, and by what."""
    return render_template("papers/accessibility.html")


@views.get("/mentions-legales")
def legal() -> str:
    """Who publishes this site: nobody real."""
    return render_template("papers/legal.html")


@views.get("/donnees-personnelles")
def personal_data() -> str:
    """What this site keeps of a person, where, for how long."""
    return render_template("papers/personal_data.html")
