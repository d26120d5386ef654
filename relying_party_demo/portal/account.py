"""The first page of the personal space: who, how recognised, what happened, what is on record."""

from datetime import date
from typing import cast

import structlog
from flask import Blueprint, Flask, current_app, render_template
from flask_babel import lazy_gettext as _

from relying_party_demo.backchannel import (
    Account,
    BackChannel,
    InsurerAwayError,
    NoSuchAccountError,
)
from relying_party_demo.door.door import members_only, signed_in
from relying_party_demo.pages.moments import day
from relying_party_demo.portal.person import person_of
from relying_party_demo.sessions.store import SignedIn
from relying_party_demo.settings import LEVELS

views = Blueprint("account", __name__)
_log = structlog.get_logger()

_SCHEMES = {
    "general": _("general scheme"),
    "agricultural": _("agricultural scheme (MSA)"),
    "students": _("students' scheme"),
    "seafarers": _("seafarers' scheme"),
    "clergy": _("clergy's scheme"),
    "military": _("military scheme"),
    "other": _("another scheme"),
}
_STATES = {
    "active": _("active"),
    "locked": _("locked: call 36 46"),
    "deactivated": _("closed"),
}


def mount(app: Flask, insurer: BackChannel) -> None:
    """Give `app` the personal space, read from `insurer`."""
    app.extensions["insurer"] = insurer
    app.jinja_env.globals |= {
        "scheme_name": scheme_name,
        "state_name": state_name,
        "birth": birth,
    }
    app.register_blueprint(views)


@views.get("/mon-compte")
@members_only
def home() -> tuple[str, int]:
    """Drawn from the session alone, and saying so, when the insurer does not answer."""
    session = cast("SignedIn", signed_in())
    who = person_of(session)
    account, trouble, status = _read(who.account_id)
    page = render_template(
        "account.html",
        session=session,
        who=who,
        rank=LEVELS.index(session.level) + 1,
        account=account,
        trouble=trouble,
    )
    return page, status


def _read(account_id: str) -> tuple[Account | None, str | None, int]:
    """The account, or the trouble that stands in its place; and the status of the page."""
    insurer = cast("BackChannel", current_app.extensions["insurer"])
    try:
        return insurer.account(account_id), None, 200
    except InsurerAwayError as away:
        _log.warning("account:unread", check=str(away))
        return None, "away", 503
    except NoSuchAccountError:
        return None, "none", 404


def birth(when: date | str) -> str:
    """A birth date as read; of a partial one (`1950-00-00`), the part that is known."""
    return day(when) if isinstance(when, date) else when.removesuffix("-00").removesuffix("-00")


def scheme_name(code: str) -> str:
    """A scheme of health insurance in words; an unknown one as it came."""
    return str(_SCHEMES.get(code, code))


def state_name(code: str) -> str:
    """The state of an account in words; an unknown one as it came."""
    return str(_STATES.get(code, code))
