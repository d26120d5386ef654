"""Pages that are over: each says so once, and still leads back to where the person came from."""

from mock_idps.answer import send_back
from mock_idps.errors import GoneError, SentBackError
from mock_idps.issuer import Issuer
from mock_idps.languages import prefer


def sign_in_gone(issuer: Issuer, name: str) -> GoneError:
    """
    The sign-in page of that name is no more.

    Whoever stayed on it too long goes back to the service as if they had refused: the service
    knows how to go on, this provider does not.
    """
    pending = issuer.pages.late(name)
    if pending is None:
        return GoneError("You are not signed in.")
    prefer(pending.asked.locales)
    refusal = SentBackError("access_denied", "The person stayed too long on the sign-in page.")
    back = send_back(issuer, pending.asked, refusal.answer).location
    return GoneError("You are not signed in.", back)


def approval_gone(issuer: Issuer, name: str) -> GoneError:
    """The request to a phone is no more; its sign-in page, if still there, can send another."""
    approval = issuer.approvals.late(name)
    pending = issuer.pages.get(approval.sign_in) if approval else None
    if approval is None or pending is None:
        return sign_in_gone(issuer, approval.sign_in if approval else "")
    prefer(pending.asked.locales)
    again = f"/login/{approval.sign_in}"
    return GoneError("The request to the phone was good for 5 minutes.", again)
