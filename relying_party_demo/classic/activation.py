"""
The link of the activation mail: choosing the first password (S49-S55).

Mail scanners follow links: reading the page changes nothing, only the form acts.
"""

import re
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from relying_party_demo.classic.desk import desk
from relying_party_demo.classic.forms import PasswordForm
from relying_party_demo.classic.sentences import PASSWORD_RULES
from relying_party_demo.classic.troubles import Trouble, guarded
from relying_party_demo.pages.languages import language
from relying_party_demo.pages.questions import Questions

views = Blueprint("activation", __name__)

_TOKEN = re.compile(r"[\w-]{16,200}", re.ASCII)
_DEAD_STATUS = {"expired": 410, "unknown": 404}


def _page(trouble: Trouble | None = None, form: PasswordForm | None = None, **place: Any) -> str:
    form = form or desk().fresh(PasswordForm)
    return render_template(
        "classic/activate.html", form=form, trouble=trouble, rules=PASSWORD_RULES, **place
    )


@views.get("/activation/<token>")
@guarded(_page)
def choose(token: str) -> ResponseReturnValue:
    """The form, when the link may still be used."""
    state = _read(token)
    return _page(token=token) if state == "valid" else _dead(state)


@views.post("/activation/<token>")
@guarded(_page)
def activate(token: str) -> ResponseReturnValue:
    """The password is chosen and the link is spent; or what is wrong with the password."""
    if not _TOKEN.fullmatch(token):
        return _dead("unknown")
    form = PasswordForm()
    if not form.validate():
        return _page(form=desk().renewed(form), token=token), 422
    key = form.key({"token": token, "password": form.password.data})
    answer = desk().insurer.activate(token, form.password.data, language(), key)
    if answer.result == "done":
        return redirect(url_for("activation.done"), 303)
    if answer.result == "password":
        blame_password(desk().renewed(form), answer.faults)
        return _page(form=form, token=token), 422
    return _dead(answer.result)


@views.get("/compte-active")
def done() -> str:
    """The account has its password: what to do now."""
    return render_template("classic/activated.html")


def blame_password(form: Questions, faults: tuple[str, ...]) -> None:
    """Say beside the password which rules it breaks, in the order of the page."""
    broken = ", ".join(str(words) for rule, words in PASSWORD_RULES.items() if rule in faults)
    if broken:
        said = _("This password is refused. Rules not met: %(rules)s.", rules=broken)
    else:
        said = _("This password is refused. Choose another one.")
    form.blame("password", said)


def _read(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        return "unknown"
    return desk().insurer.read_link(token, desk().any_key()).result


def _dead(state: str) -> tuple[str, int]:
    return render_template("classic/dead_link.html", state=state), _DEAD_STATUS[state]
