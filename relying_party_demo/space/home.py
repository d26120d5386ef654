"""
The first page of the personal space (S60): last reimbursements, rights, things to do; then who was
identified, how, and what is on record.

Drawn from the session alone, and saying so, when the insurer does not answer. The first time a
session is seen here, the insurer is told of the sign-in; if that fails, the next page tells it.
"""

import structlog
from flask import redirect, render_template, request
from werkzeug import Response

from relying_party_demo.backchannel import InsurerAwayError, NoSuchAccountError, TooManyError
from relying_party_demo.door.door import here, members_only
from relying_party_demo.pages.languages import language
from relying_party_demo.sessions.devices import session_name
from relying_party_demo.settings import LEVELS
from relying_party_demo.space.answers import Dashboard
from relying_party_demo.space.device import device_label
from relying_party_demo.space.form import SpaceForm
from relying_party_demo.space.insurer import RefusedError
from relying_party_demo.space.proof import way_on
from relying_party_demo.space.room import (
    Page,
    account_id,
    insurer,
    page_key,
    views,
    visitor,
    whoever,
)

_log = structlog.get_logger()


@views.get("/mon-compte")
@members_only
def home() -> Page | Response:
    """The dashboard; or what a proof was asked for, when the person comes back with one."""
    tell_of_visit()
    aimed = way_on()
    if aimed is not None:
        return aimed
    session = visitor()
    account, trouble, status = _read()
    page = render_template(
        "space/home.html",
        session=session,
        who=whoever(),
        rank=LEVELS.index(session.level) + 1 if session.level in LEVELS else 0,
        account=account,
        trouble=trouble,
        form=SpaceForm(),
    )
    return page, status


@views.post("/mon-compte/rappel")
@members_only
def put_off() -> Response:
    """The reminder about the password may be put off, and comes back six months later."""
    insurer().put_off_reminder(account_id(), SpaceForm().key_for())
    return redirect("/mon-compte", 303)


def tell_of_visit() -> None:
    """Note on which device this session is open, and tell the insurer, once."""
    door, text = here(), here().cookie()
    if text is None or door.devices.known(text):
        return
    device = device_label(request.user_agent.string)
    visit = {
        "session": session_name(text),
        "way": "classic" if whoever().way == "classic" else "federation",
        "provider": whoever().idp_id or None,
        "device": device,
        "language": language(),
    }
    try:
        insurer().note_visit(account_id(), visit, page_key(visit))
    except (InsurerAwayError, NoSuchAccountError, TooManyError, RefusedError) as fault:
        _log.warning("visit:untold", check=type(fault).__name__)
        return
    door.devices.note(text, account_id(), device)


def _read() -> tuple[Dashboard | None, str | None, int]:
    """The account, or the trouble that stands in its place; and the status of the page."""
    try:
        account = insurer().dashboard(account_id())
    except (InsurerAwayError, RefusedError, TooManyError) as away:
        _log.warning("account:unread", check=str(away))
        return None, "away", 503
    except NoSuchAccountError:
        return None, "none", 404
    return account, None, 200
