"""Mails and text messages that the world caught."""

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template
from werkzeug import Response as AnyResponse

from sandbox.mailbox import Letter, Mailbox

views = Blueprint("messages", __name__, url_prefix="/messages")

# A mail is foreign HTML: it is shown apart, where it can neither run nor call anything.
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@views.get("")
def show() -> str:
    """All letters, the latest first."""
    return render_template("messages.html", letters=list(reversed(list(_mailbox()))))


@views.get("/<int:number>")
def letter(number: int) -> str:
    """One letter."""
    return render_template("message.html", letter=_found(number))


@views.get("/<int:number>/html")
def html(number: int) -> Response:
    """The HTML part of a mail, alone."""
    response = make_response(_found(number).html)
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    return response


@views.post("/clear")
def clear() -> AnyResponse:
    """Throw every letter away."""
    _mailbox().clear()
    return redirect("/messages", 303)


def _mailbox() -> Mailbox:
    mailbox: Mailbox = current_app.extensions["room"].mailbox
    return mailbox


def _found(number: int) -> Letter:
    return _mailbox().find(number) or abort(404)
