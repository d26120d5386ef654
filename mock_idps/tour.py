"""Pages for testers: what this provider is, and the faults it can show."""

from flask import Blueprint
from werkzeug import Response

from mock_idps.issuer import here
from mock_idps.pages import page

views = Blueprint("tour", __name__)


@views.get("/")
def home() -> Response:
    """What this is, and who can sign in, for somebody who landed here."""
    issuer = here()
    groups = issuer.cast.by_group()
    return page("home.html", issuer=issuer, dialect=issuer.dialect, groups=groups)


@views.get("/faults")
def faults() -> Response:
    """The table of faults, each with what a broker must do about it."""
    return page("faults.html", faults=here().faults.values())
