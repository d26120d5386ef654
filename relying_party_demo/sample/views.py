"""The pages of the sample service: the first one, and the one that shows what was received."""

import json
from typing import Any, cast

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from relying_party_demo.door.door import members_only, signed_in
from relying_party_demo.door.views import just_left
from relying_party_demo.sessions.store import SignedIn
from relying_party_demo.settings import LEVELS

views = Blueprint("sample", __name__)

_NAMES = {
    "sub": _("Your number with us"),
    "given_name": _("First names"),
    "given_name_array": _("First names, one by one"),
    "family_name": _("Birth name"),
    "preferred_username": _("Usage name"),
    "birthdate": _("Date of birth"),
    "gender": _("Sex"),
    "birthplace": _("Place of birth"),
    "birthcountry": _("Country of birth"),
    "email": _("E-mail"),
}


@views.get("/")
def first() -> str:
    """What this service is, and the way in; people arrive here after a logout."""
    return render_template("first.html", just_left=just_left())


@views.get("/espace")
@members_only
def member() -> str:
    """Every claim received, as it was received."""
    session = cast("SignedIn", signed_in())
    received = [
        (_NAMES.get(name, name), name, _text(session.claims[name])) for name in session.claims
    ]
    rank = LEVELS.index(session.level) + 1
    return render_template("member.html", session=session, received=received, rank=rank)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
