"""Answers to an authorization request: a code or an OAuth error, at the proven redirect URI."""

from flask import redirect
from werkzeug import Response

from mock_idps.asked import Asked
from mock_idps.faults.fault import Answer, Fault, Liar, Where, lie
from mock_idps.issuer import Issuer
from mock_idps.records import Grant, SignedIn


def grant(issuer: Issuer, asked: Asked, person: SignedIn, fault: Fault | None = None) -> Response:
    """
    Send the browser back with a code of that person; a session cookie remembers them.

    A fault not chosen for this login may come from the queue.
    """
    fault = fault or issuer.queued_fault(person.persona)
    if fault and fault.where is Where.DISCOVERY:
        issuer.arm(fault)
    code = issuer.outside.token()
    issuer.codes.put(code, Grant(asked, person, issuer.level(asked, person), fault))
    liar = issuer.liar(asked, person.persona)
    response = _sent(issuer, Answer(asked.redirect_uri, {"code": code}), liar, fault)
    remember(issuer, person, response)
    return response


def send_back(
    issuer: Issuer, asked: Asked, answer: dict[str, str], fault: Fault | None = None
) -> Response:
    """Redirect with the answer, its state and our `iss` (RFC 9207 §2)."""
    return _sent(issuer, Answer(asked.redirect_uri, answer), issuer.liar(asked), fault)


def _sent(issuer: Issuer, answer: Answer, liar: Liar, fault: Fault | None) -> Response:
    honest = answer.but(state=liar.asked.state or "", iss=issuer.settings.issuer)
    return redirect(lie(fault, Where.REDIRECT, honest, liar).url)


def remember(issuer: Issuer, person: SignedIn, response: Response) -> None:
    """Open a browser session under a new name."""
    session = issuer.outside.token()
    issuer.sessions.put(session, person)
    response.set_cookie(
        issuer.cookie,
        session,
        httponly=True,
        samesite="Lax",
        secure=issuer.settings.issuer.startswith("https://"),
    )
