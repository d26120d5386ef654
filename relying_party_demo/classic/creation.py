"""Creating an account: six fields, then a mail, or the reason why not (S36-S48, S102-S128)."""

from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from relying_party_demo.classic.desk import asking, desk
from relying_party_demo.classic.forms import CreationForm
from relying_party_demo.classic.insurer import Created
from relying_party_demo.classic.refusals import NOT_MATCHING, REFUSALS
from relying_party_demo.classic.sentences import (
    BIRTHDATE,
    EMAIL,
    IBAN,
    NIR_FORM,
    NIR_KEY,
    POSTAL_CODE,
)
from relying_party_demo.classic.troubles import Trouble, guarded

views = Blueprint("creation", __name__)

_SENT_TO = "sent_to"
_FAULTS = {
    "nir_key": ("nir", NIR_KEY),
    "nir_form": ("nir", NIR_FORM),
    "birthdate": ("birthdate", BIRTHDATE),
    "postal_code": ("postal_code", POSTAL_CODE),
    "iban_form": ("iban", IBAN),
    "email_form": ("email", EMAIL),
}
"""Faults of form that the insurer may find, each beside its field."""


def _page(trouble: Trouble | None = None, form: CreationForm | None = None, **_place: Any) -> str:
    form = form or desk().fresh(CreationForm)
    return render_template("classic/create.html", form=form, trouble=trouble)


@views.get("/creer-un-compte")
def create() -> str:
    """What to have at hand, and the form."""
    return _page()


@views.post("/creer-un-compte")
@guarded(_page)
def ask() -> ResponseReturnValue:
    """A mail is on its way, or a page says why not."""
    form = CreationForm()
    if not form.validate():
        return _page(form=desk().renewed(form)), 422
    fields = {"birth_name": form.birth_name.data.strip(), **form.read, **asking()}
    answer = desk().insurer.create(fields, form.key(fields))
    if answer.result == "mail_sent":
        session[_SENT_TO] = form.read["email"]
        return redirect(url_for("creation.sent"), 303)
    return _refused(desk().renewed(form), answer)


@views.get("/creer-un-compte/e-mail-envoye")
def sent() -> str:
    """What happens next; the address is shown once, to whoever has just typed it."""
    return render_template("classic/sent.html", address=session.pop(_SENT_TO, None))


def _refused(form: CreationForm, answer: Created) -> ResponseReturnValue:
    if answer.reason in _FAULTS:
        form.blame(*_FAULTS[answer.reason])
        return _page(form=form), 422
    refusal = REFUSALS.get(answer.reason, NOT_MATCHING)
    page = render_template("classic/refused.html", refusal=refusal, answer=answer, form=form)
    return page, 403
