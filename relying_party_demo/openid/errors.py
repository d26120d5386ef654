"""
Why a login or a visit ended, as classes that carry their fate.

Each has a `slug` (the end of the address of its page), an HTTP status, and what the person reads.
`detail` is for whoever reads the log: it names the check, never a value that was received.
"""

from typing import ClassVar, TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Sentence: TypeAlias = str | LazyString


class LoginError(Exception):
    """
    The root of every end without a login; only its subclasses are raised.

    `mistake` tells that something went wrong, which the title of the page then begins with;
    `number` is the broker's number for the event, for whoever runs the service; an advisor asks
    for the case number of the broker's page, which never comes here.
    """

    slug: ClassVar[str] = ""
    status: ClassVar[int] = 400
    mistake: ClassVar[bool] = True
    title: ClassVar[Sentence] = ""
    happened: ClassVar[Sentence] = ""
    following: ClassVar[tuple[Sentence, ...]] = ()

    def __init__(self, detail: str, number: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.number = number


class DeclinedError(LoginError):
    """The person left, or declined to share their information (RFC 6749 §4.1.2.1)."""

    slug, status, mistake = "abandonnee", 200, False
    title = _("You did not log in")
    happened = _("The login stopped before its end. No information was sent to us.")
    following = (_("You can start again whenever you like, with the same account or another one."),)


class AccountRefusedError(LoginError):
    """The person was identified, and the insurer could open no account for them."""

    slug, status = "refusee", 403
    title = _("Your account could not be opened")
    happened = _(
        "The account you used told us who you are, but no account could be opened here with it. "
        "Nothing has changed in your file."
    )
    following = (
        _("Check that your birth name and your date of birth are right in the account you used."),
        _("Or start again with another of your accounts."),
        _("Or call 36 46: an advisor will look at your file with you."),
    )


class UnexpectedReturnError(LoginError):
    """No login of this browser waits for this answer: forged, used already, or too old."""

    slug, status = "inattendue", 400
    title = _("This login cannot be resumed")
    happened = _(
        "No login of this browser is waiting for this answer: it has been used already, it is "
        "too old, or it was started in another browser. Nothing has been changed."
    )
    following = (
        _("Start again from here, and stay in the same browser until the end."),
        _("If you followed a link from a message, do not use it again."),
    )


class UnverifiedAnswerError(LoginError):
    """The broker answered, and the answer does not pass a check."""

    slug, status = "non-verifiee", 502
    title = _("We could not check your identity")
    happened = _(
        "The answer we received about you did not pass our checks, so we did not use it. "
        "For your safety, you are not logged in."
    )
    following = (
        _("Start again: this is often enough."),
        _("If it happens again, the problem is on our side: try later."),
    )


class BrokerAwayError(LoginError):
    """The broker does not answer, or answers that it cannot."""

    slug, status = "indisponible", 503
    title = _("Login is not available for the moment")
    happened = _(
        "The service that checks your identity does not answer. Nothing is lost and nothing was "
        "done by halves."
    )
    following = (
        _("Wait a few minutes, then try again."),
        _("You have nothing to redo: your account and your information have not changed."),
    )


class SessionEndedError(LoginError):
    """The session of this browser has ended, most often for want of activity."""

    slug, status, mistake = "session-terminee", 401, False
    title = _("Your session has ended")
    happened = _(
        "You stayed a while without doing anything, or you logged out elsewhere: in another tab, "
        "or on another website opened with the same account. "
        "We closed your session so that nobody reads your information in your place."
    )
    following = (_("Log in again to go back to your account."),)


ENDS: dict[str, type[LoginError]] = {
    end.slug: end
    for end in (
        DeclinedError,
        AccountRefusedError,
        UnexpectedReturnError,
        UnverifiedAnswerError,
        BrokerAwayError,
        SessionEndedError,
    )
}
"""Every end by the name of its page."""
