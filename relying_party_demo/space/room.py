"""
The room that the pages of an account share: whose it is, whom to ask, what to say when it fails.

Every page of the space asks the insurer; when it does not answer, the person reads so, stays
signed in, and nothing was done by halves.
"""

from typing import cast

import structlog
from flask import Blueprint, current_app, render_template, request

from relying_party_demo.backchannel import InsurerAwayError, NoSuchAccountError, TooManyError
from relying_party_demo.door.door import here, signed_in
from relying_party_demo.pages.questions import request_key
from relying_party_demo.sessions.store import SignedIn
from relying_party_demo.space.insurer import Insurer, RefusedError
from relying_party_demo.space.person import Person, person_of

views = Blueprint("account", __name__, template_folder="templates")
_log = structlog.get_logger()
_UNKNOWN = {"message_unknown", "link_unknown", "statement_unknown"}

Page = tuple[str, int]
"""A page and its status."""


def visitor() -> SignedIn:
    """Whoever is signed in; only for views of members."""
    return cast("SignedIn", signed_in())


def whoever() -> Person:
    """The same, as the broker described them."""
    return person_of(visitor())


def account_id() -> str:
    """Whose pages these are, for the insurer."""
    return whoever().account_id


def insurer() -> Insurer:
    """Whom to ask."""
    return cast("Insurer", current_app.extensions["space_insurer"])


def page_key(*said: object) -> str:
    """A request key for what a page does by itself, the same for the same session and words."""
    return request_key(here().cookie() or "", request.path, *said)


@views.errorhandler(InsurerAwayError)
def _away(away: InsurerAwayError) -> Page:
    _log.warning("space:unread", check=str(away), endpoint=request.endpoint)
    return render_template("space/trouble.html", trouble="away", wait=None), 503


@views.errorhandler(NoSuchAccountError)
def _gone(_gone: NoSuchAccountError) -> Page:
    return render_template("space/trouble.html", trouble="none", wait=None), 404


@views.errorhandler(TooManyError)
def _too_many(fault: TooManyError) -> Page:
    minutes = -(-fault.retry_after // 60)
    return render_template("space/trouble.html", trouble="many", wait=minutes), 429


@views.errorhandler(RefusedError)
def _refused(refusal: RefusedError) -> Page:
    """What no view foresaw: a thing that is not there, or a refusal that is ours to mend."""
    if refusal.reason in _UNKNOWN:
        return render_template("space/trouble.html", trouble="unknown", wait=None), 404
    _log.warning("space:refused", reason=refusal.reason, member=refusal.member)
    return render_template("space/trouble.html", trouble="away", wait=None), 503
