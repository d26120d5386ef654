"""
The sign-in page: who is there, as whom, with which fault; and each of its buttons.

One form, one address, unguessable; every button says what it does in its value, `word:argument`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug import Response

from mock_idps.answer import grant, send_back
from mock_idps.asked import Asked
from mock_idps.authorize import usable_session
from mock_idps.dialects import SignIn
from mock_idps.errors import SentBackError
from mock_idps.faults.fault import Fault
from mock_idps.gone import sign_in_gone
from mock_idps.hints import known_fault, known_persona
from mock_idps.issuer import Issuer, here
from mock_idps.languages import prefer
from mock_idps.made_up import FIELDS, made_up
from mock_idps.pages import page
from mock_idps.phone import ask_phone
from mock_idps.records import Pending, SignedIn

views = Blueprint("login", __name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """One posting of the page: whose, about what, and the fault chosen with it."""

    issuer: Issuer
    name: str
    pending: Pending
    fault: Fault | None

    @property
    def asked(self) -> Asked:
        """The request that brought the person here."""
        return self.pending.asked


@views.get("/login/<name>")
def show(name: str) -> Response:
    """The page, for as long as its request waits."""
    denied = request.args.get("problem") == "denied"
    return _render(_visit(name), "denied" if denied else "")


@views.post("/login/<name>")
def answer(name: str) -> Response:
    """Do what the pressed button says; the Enter key signs in with the fields that are filled."""
    visit = _visit(name)
    word, _, argument = request.form.get("do", "").partition(":")
    return BUTTONS.get(word, _enter)(visit, argument)


def _visit(name: str) -> Visit:
    issuer = here()
    pending = issuer.pages.get(name)
    if pending is None:
        raise sign_in_gone(issuer, name)
    prefer(pending.asked.locales)
    return Visit(
        issuer, name, pending, known_fault(issuer, request.form.get("fault", pending.fault))
    )


def _render(visit: Visit, problem: str = "") -> Response:
    issuer, asked = visit.issuer, visit.asked
    hint = "" if ":" in asked.hint else asked.hint
    return page(
        "login.html",
        groups=issuer.cast.by_group(),
        faults=issuer.faults.values(),
        chosen=visit.fault.name if visit.fault else "",
        fields=FIELDS,
        form=request.form,
        problem=problem,
        login=request.form.get("login", hint),
        sign_in=issuer.dialect.sign_in,
        SignIn=SignIn,
        session=issuer.cast.get(person.persona) if (person := _session(visit)) else None,
    )


def _session(visit: Visit) -> SignedIn | None:
    return usable_session(visit.issuer, visit.asked)


def _finish(visit: Visit, person: SignedIn) -> Response:
    return grant(visit.issuer, visit.asked, person, visit.fault)


def _persona(visit: Visit, key: str) -> Response:
    persona, issuer = known_persona(visit.issuer, key), visit.issuer
    if persona.locked:
        return _render(visit, "locked")
    if issuer.dialect.sign_in is SignIn.PHONE:
        return ask_phone(issuer, visit.name, persona, visit.fault.name if visit.fault else "")
    return _finish(visit, issuer.signed_in(persona))


def _phone(visit: Visit, _: str) -> Response:
    persona = visit.issuer.cast.by_phone(request.form.get("login", ""))
    return _persona(visit, persona.key) if persona else _render(visit, "phone")


def _account(visit: Visit, _: str) -> Response:
    nir = "".join(request.form.get("login", "").split()).upper()
    password, origin = request.form.get("password", ""), request.remote_addr or ""
    checked = visit.issuer.outside.check_account(nir, password, origin)
    if checked.traits is None:
        return _render(visit, checked.problem)
    return _finish(visit, visit.issuer.account_holder(checked.traits))


def _continue(visit: Visit, _: str) -> Response:
    person = _session(visit)
    return _finish(visit, person) if person else _render(visit)


def _password(visit: Visit, _: str) -> Response:
    persona = visit.issuer.cast.get(request.form.get("login", "").strip().lower())
    if persona is None or persona.password != request.form.get("password", ""):
        return _render(visit, "wrong")
    return _persona(visit, persona.key)


def _wrong(visit: Visit, _: str) -> Response:
    by_phone = visit.issuer.dialect.sign_in is SignIn.PHONE
    return _render(visit, "phone" if by_phone else "wrong")


def _refuse(visit: Visit, _: str) -> Response:
    refusal = SentBackError("access_denied", "The person refused.")
    return send_back(visit.issuer, visit.asked, refusal.answer, visit.fault)


def _custom(visit: Visit, _: str) -> Response:
    return _finish(visit, made_up(visit.issuer, request.form))


def _enter(visit: Visit, _: str) -> Response:
    if not request.form.get("login"):
        return _custom(visit, "")
    return BUTTONS[visit.issuer.dialect.sign_in](visit, "")


BUTTONS: dict[str, Callable[[Visit, str], Response]] = {
    "persona": _persona,
    "continue": _continue,
    SignIn.PASSWORD: _password,
    SignIn.PHONE: _phone,
    SignIn.ACCOUNT: _account,
    "wrong": _wrong,
    "refuse": _refuse,
    "custom": _custom,
}
