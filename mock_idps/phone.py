"""
Approval on the phone: one page waits, another page, "the phone", says yes or no.

The waiting page asks by itself every other second, by script or by refresh; both pages show the
same two digits, as real ones do, so that nobody approves the sign-in of somebody else.
"""

from dataclasses import dataclass, replace

from flask import Blueprint, jsonify, redirect, request
from werkzeug import Response

from mock_idps.answer import grant
from mock_idps.gone import approval_gone
from mock_idps.issuer import Issuer, here
from mock_idps.languages import prefer
from mock_idps.pages import page
from mock_idps.personas import Persona
from mock_idps.records import Approval, Pending

views = Blueprint("phone", __name__)


def ask_phone(issuer: Issuer, sign_in: str, persona: Persona, fault: str) -> Response:
    """Send the request to the person's phone; the browser waits at its own page."""
    name = issuer.outside.token()
    digits = f"{int(name[:8], 16) % 90 + 10}"
    issuer.approvals.put(name, Approval(sign_in, persona.key, fault, digits))
    return redirect(f"/wait/{name}")


@dataclass(frozen=True, slots=True)
class _Wait:
    approval: Approval
    pending: Pending
    persona: Persona


def _found(issuer: Issuer, name: str) -> _Wait:
    approval = issuer.approvals.get(name)
    pending = issuer.pages.get(approval.sign_in) if approval else None
    persona = issuer.cast.get(approval.persona) if approval else None
    if approval is None or pending is None or persona is None:
        raise approval_gone(issuer, name)
    prefer(pending.asked.locales)
    return _Wait(approval, pending, persona)


@views.get("/wait/<name>")
def wait(name: str) -> Response:
    """Wait, go on once approved, or go back to the sign-in page once refused."""
    issuer = here()
    found = _found(issuer, name)
    if found.approval.state == "approved":
        fault = issuer.faults.get(found.approval.fault)
        return grant(issuer, found.pending.asked, issuer.signed_in(found.persona), fault)
    if found.approval.state == "denied":
        return redirect(f"/login/{found.approval.sign_in}?problem=denied")
    return page("wait.html", name=name, approval=found.approval, persona=found.persona)


@views.get("/wait/<name>/state")
def state(name: str) -> Response:
    """What the phone said so far: waiting, approved, denied or over."""
    approval = here().approvals.get(name)
    return jsonify(state=approval.state if approval else "over")


@views.get("/phone/<name>")
def phone(name: str) -> Response:
    """The screen of the phone."""
    found = _found(here(), name)
    return page("phone.html", name=name, approval=found.approval, persona=found.persona)


@views.post("/phone/<name>")
def decide(name: str) -> Response:
    """Approve or deny, once: the first answer stands."""
    issuer = here()
    found = _found(issuer, name)
    if found.approval.state == "waiting":
        said = "approved" if request.form.get("do") == "approve" else "denied"
        issuer.approvals.put(name, replace(found.approval, state=said))
    return redirect(f"/phone/{name}")
