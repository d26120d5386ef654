"""Signing in with a number and a password, and the code of the first time (S56-S59)."""

from typing import Any

import structlog
from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from relying_party_demo.backchannel import InsurerAwayError, NoSuchAccountError
from relying_party_demo.classic.desk import asking, desk
from relying_party_demo.classic.forms import CodeForm, SignInForm
from relying_party_demo.classic.insurer import SignIn
from relying_party_demo.classic.troubles import Trouble, guarded
from relying_party_demo.classic.typed import squeezed
from relying_party_demo.door.door import here
from relying_party_demo.openid.login import Identified
from relying_party_demo.settings import LEVELS
from relying_party_demo.space.device import device_label

views = Blueprint("classic", __name__, template_folder="templates")
_log = structlog.get_logger()

_CHALLENGE, _SENT_TO = "challenge", "challenge_to"
_REFUSED = _("This number and this password do not go together.")
_WRONG = {
    1: _("This is not the right code. You have one try left."),
    2: _("This is not the right code. You have two tries left."),
}


def sign_in_page(
    trouble: Trouble | None = None, form: SignInForm | None = None, **_place: Any
) -> str:
    """The ways in: the broker first, then the number and the password."""
    form = form or desk().fresh(SignInForm)
    return render_template("sign_in.html", form=form, trouble=trouble)


@views.post("/connexion")
@guarded(sign_in_page)
def sign_in() -> ResponseReturnValue:
    """In, or a code was sent, or what is wrong."""
    form = SignInForm()
    if not form.validate():
        return sign_in_page(form=desk().renewed(form)), 422
    fields = {
        "nir": form.read["nir"],
        "password": form.password.data,
        "origin": asking()["origin"],
        "device": {"label": device_label(request.user_agent.string)},
    }
    answer = desk().insurer.sign_in(fields, form.key(fields))
    if answer.result == "signed_in":
        return _let_in(str(answer.account_id), first=False)
    if answer.result == "code_sent":
        session[_CHALLENGE], session[_SENT_TO] = answer.challenge, answer.email_masked
        return redirect(url_for("classic.code"), 303)
    return _not_in(desk().renewed(form), answer)


def _not_in(form: SignInForm, answer: SignIn) -> ResponseReturnValue:
    if answer.result == "wait":
        return sign_in_page(Trouble.wait(answer.retry_after or 0), form), 429
    if answer.result == "locked":
        return sign_in_page(Trouble("locked"), form), 403
    form.blame("password", _REFUSED)
    return sign_in_page(form=form), 422


def _code_page(trouble: Trouble | None = None, form: CodeForm | None = None, **more: Any) -> str:
    form = form or desk().fresh(CodeForm)
    facts = {"trouble": trouble, "to": session.get(_SENT_TO), "again": False, **more}
    return render_template("classic/code.html", form=form, **facts)


@views.get("/connexion/code")
def code() -> ResponseReturnValue:
    """Where to type the code; whoever was sent none starts again."""
    if _CHALLENGE not in session:
        return redirect(url_for("welcome.sign_in"), 303)
    return _code_page(again=request.args.get("envoye") == "1")


@views.post("/connexion/code")
@guarded(_code_page)
def try_code() -> ResponseReturnValue:
    """In, or how many tries are left."""
    challenge = session.get(_CHALLENGE)
    if challenge is None:
        return redirect(url_for("welcome.sign_in"), 303)
    form = CodeForm()
    if not form.validate():
        return _code_page(form=desk().renewed(form)), 422
    typed_code = squeezed(form.code.data)
    key = form.key({"challenge": challenge, "code": typed_code})
    answer = desk().insurer.try_code(challenge, typed_code, key)
    if answer.result == "signed_in":
        return _let_in(str(answer.account_id), first=True)
    desk().renewed(form)
    if answer.result == "dead" or not answer.left:
        return _code_page(Trouble("dead"), form), 403
    form.blame("code", _WRONG.get(answer.left, _WRONG[2]))
    return _code_page(form=form), 422


@views.post("/connexion/code/nouveau")
@guarded(_code_page)
def send_again() -> ResponseReturnValue:
    """Another code, which makes those before it void."""
    challenge = session.get(_CHALLENGE)
    if challenge is None:
        return redirect(url_for("welcome.sign_in"), 303)
    form = CodeForm()
    answer = desk().insurer.send_code_again(challenge, form.key({"again": challenge}))
    if answer.challenge is None:
        session.pop(_CHALLENGE)
        return sign_in_page(Trouble("late")), 403
    session[_CHALLENGE] = answer.challenge
    return redirect(url_for("classic.code", envoye=1), 303)


def _let_in(account_id: str, *, first: bool) -> ResponseReturnValue:
    """A session like the broker's; `first` when this sign-in made the account active."""
    session.pop(_CHALLENGE, None)
    session.pop(_SENT_TO, None)
    claims = {
        "account_id": account_id,
        "account_status": "created" if first else "existing",
        "way": "classic",
        **_names(account_id),
    }
    response = redirect(url_for(here().house.inside), 303)
    who = Identified(account_id, LEVELS[0], desk().clock(), claims, id_token="")
    here().let_in(who, response)
    return response


def _names(account_id: str) -> dict[str, str]:
    """What to call the person; nothing when the file cannot be read just now."""
    try:
        holder = desk().files.account(account_id).holder
    except (InsurerAwayError, NoSuchAccountError) as unread:
        _log.warning("classic:unnamed", check=str(unread))
        return {}
    return {
        "given_name": " ".join(holder.given_names),
        "family_name": holder.family_name,
        "preferred_username": holder.usage_name or "",
    }
