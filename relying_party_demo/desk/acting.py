"""Acting: within the file of a person, one form for each act, done once."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from relying_party_demo.desk.answers import File
from relying_party_demo.desk.drawn import ACT_FORMS, file_page
from relying_party_demo.desk.forms import AnswerForm, ReplacementForm
from relying_party_demo.desk.line import DeskRefusedError
from relying_party_demo.desk.looking import blame
from relying_party_demo.desk.proving import ProofForm
from relying_party_demo.desk.room import alone, at_work, room
from relying_party_demo.desk.words import REFUSALS
from relying_party_demo.pages.questions import Questions

views = Blueprint("acting", __name__, url_prefix="/conseiller/consultations/<number>")
views.before_request(alone)
_DONE: dict[str, LazyString] = {
    "proof": _("It is written down: you have verified who is calling."),
    "email": _("The e-mail address is changed. The old and the new address are told."),
    "mobile": _("The mobile number is changed. The old and the new number are told."),
    "unlocking": _("The account is unlocked: the person can try the password again."),
    "post-code": _("A code leaves by post. The codes sent before no longer serve."),
    "replacement": _("The account is replaced, and a code leaves by post."),
    "case-closing": _("The case is closed."),
    "answer": _("The answer is sent."),
}
_BESIDE = {"email_taken": "email"}
_TEXTS = {"email": "email", "mobile": "mobile", "replacement": "email"}


@views.post("/<act>")
@at_work
def do(token: str, number: str, act: str) -> ResponseReturnValue:
    """Done, or what is wrong beside its field."""
    if act not in ACT_FORMS:
        abort(404)
    form = ACT_FORMS[act](prefix=act)
    said: dict[str, Any] = {}
    if act in _TEXTS:
        said = {"text": (form[_TEXTS[act]].data or "").strip()}
    elif isinstance(form, ProofForm):
        said = form.said()
    return _carry_out(token, number, (act, act), form, said)


@views.post("/messages/<int:message>")
@at_work
def answer(token: str, number: str, message: int) -> ResponseReturnValue:
    """Answer a message of the person."""
    form = AnswerForm(prefix=f"answer-{message}")
    said = {"message": message, "text": form.text.data or ""}
    return _carry_out(token, number, ("answer", f"answer-{message}"), form, said)


def _carry_out(
    token: str, number: str, act: tuple[str, str], form: Questions, said: dict[str, Any]
) -> ResponseReturnValue:
    """`act` is its name at the insurer, and the name of its form on the page."""
    valid = form.validate()
    if isinstance(form, ReplacementForm):
        valid = form.check() and valid
    if valid:
        try:
            room().line.act(token, number, act[0], form.key(said), said)
        except DeskRefusedError as refusal:
            _explain(form, refusal)
        else:
            flash(str(_DONE[act[0]]), "success")
            return redirect(url_for("looking.read", number=number), 303)
    found = room().line.consultation(token, number)
    if not isinstance(found, File):
        abort(404)
    return file_page(number, found, {act[1]: form}), 422


def _explain(form: Questions, refusal: DeskRefusedError) -> None:
    name = _BESIDE.get(refusal.error)
    if name is not None and name in form:
        form.blame(name, REFUSALS[refusal.error])
        return
    blame(form, refusal)
