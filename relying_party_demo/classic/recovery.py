"""A forgotten password: number and birth date, a code, a new password (S86-S101, S111-S117)."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from relying_party_demo.classic.activation import blame_password
from relying_party_demo.classic.desk import asking, desk
from relying_party_demo.classic.forms import NewPasswordForm, RecoveryForm
from relying_party_demo.classic.refusals import WRONG_CODE
from relying_party_demo.classic.sentences import BIRTHDATE, NIR_FORM, NIR_KEY, PASSWORD_RULES
from relying_party_demo.classic.troubles import Trouble, guarded
from relying_party_demo.classic.typed import squeezed

views = Blueprint("recovery", __name__)

_RECOVERY = "recovery"
_CHANNELS = ("email", "sms")
_FAULTS = {
    "nir_key": ("nir", NIR_KEY),
    "nir_form": ("nir", NIR_FORM),
    "birthdate": ("birthdate", BIRTHDATE),
}


def _page(trouble: Trouble | None = None, form: RecoveryForm | None = None, **_place: Any) -> str:
    form = form or desk().fresh(RecoveryForm)
    return render_template("classic/forgotten.html", form=form, trouble=trouble)


@views.get("/code-personnel-oublie")
def forgotten() -> str:
    """Who forgot, and where the code goes."""
    return _page()


@views.post("/code-personnel-oublie")
@guarded(_page)
def ask() -> ResponseReturnValue:
    """The same answer for everybody, whether an account was found or not (X10)."""
    form = RecoveryForm()
    if not form.validate():
        return _page(form=desk().renewed(form)), 422
    channel = form.channel.data if form.channel.data in _CHANNELS else _CHANNELS[0]
    fields = {**form.read, "channel": channel, **asking()}
    answer = desk().insurer.ask_recovery(fields, form.key(fields))
    if answer.result == "refused":
        form.blame(*_FAULTS.get(answer.reason, _FAULTS["nir_form"]))
        return _page(form=desk().renewed(form)), 422
    session[_RECOVERY] = answer.recovery
    return redirect(url_for("recovery.code", canal=channel), 303)


def _code_page(
    trouble: Trouble | None = None, form: NewPasswordForm | None = None, **more: Any
) -> str:
    form = form or desk().fresh(NewPasswordForm)
    facts = {"trouble": trouble, "rules": PASSWORD_RULES, "refusal": None, **more}
    sms = request.args.get("canal") == "sms"
    return render_template("classic/new_password.html", form=form, sms=sms, **facts)


@views.get("/code-personnel-oublie/code")
def code() -> ResponseReturnValue:
    """Where to type the code and the new password; whoever asked for none starts there."""
    if _RECOVERY not in session:
        return redirect(url_for("recovery.forgotten"), 303)
    return _code_page()


@views.post("/code-personnel-oublie/code")
@guarded(_code_page)
def change() -> ResponseReturnValue:
    """The password is changed, or what is wrong with the code or the password."""
    handle = session.get(_RECOVERY)
    if handle is None:
        return redirect(url_for("recovery.forgotten"), 303)
    form = NewPasswordForm()
    if not form.validate():
        return _code_page(form=desk().renewed(form)), 422
    given, password = squeezed(form.code.data), form.password.data
    key = form.key({"recovery": handle, "code": given, "password": password})
    answer = desk().insurer.recover(handle, given, password, key)
    if answer.result == "done":
        session.pop(_RECOVERY)
        return redirect(url_for("recovery.done"), 303)
    desk().renewed(form)
    if answer.result == "password":
        blame_password(form, answer.faults)
        return _code_page(form=form), 422
    return _code_page(form=form, refusal=WRONG_CODE), 403


@views.get("/code-personnel-oublie/termine")
def done() -> str:
    """The new password holds."""
    return render_template("classic/changed.html")
