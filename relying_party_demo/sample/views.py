"""The pages of the sample service: the first one, and the one that shows what was received."""

from typing import cast

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from relying_party_demo.door.door import members_only, signed_in
from relying_party_demo.door.views import back_from_logout, just_left
from relying_party_demo.sample.received import lines
from relying_party_demo.sessions.store import SignedIn
from relying_party_demo.settings import LEVELS

views = Blueprint("sample", __name__)


@views.get("/")
def first() -> ResponseReturnValue:
    """What this service is, and the way in; people arrive here after a logout."""
    return back_from_logout() or render_template("first.html", just_left=just_left())


@views.get("/espace")
@members_only
def member() -> str:
    """Every claim received and no other."""
    session = cast("SignedIn", signed_in())
    rank = LEVELS.index(session.level) + 1
    received = lines(session.claims)
    return render_template("member.html", session=session, received=received, rank=rank)
