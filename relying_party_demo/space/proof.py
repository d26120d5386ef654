"""
A fresh proof before what only a thief would do in an open session: other bank details, another
address, a way in less, the end of the account.

Whoever came through the broker identified themselves a few minutes ago at most, or does so again;
whoever signed in with a password types it again, and each try counts as one at the door.
"""

from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug import Response
from wtforms import PasswordField

from relying_party_demo.door.door import here, members_only
from relying_party_demo.pages.languages import language
from relying_party_demo.pages.questions import Needed, fresh_key
from relying_party_demo.sessions.devices import session_name
from relying_party_demo.space.account_answers import Proven
from relying_party_demo.space.form import SpaceForm
from relying_party_demo.space.room import Page, account_id, insurer, views, visitor, whoever

PROOF_SECONDS = 300
"""How long a proof lasts."""

AIMS: dict[str, tuple[str, dict[str, Any]]] = {
    "rib": ("account.change", {"slug": "rib"}),
    "email": ("account.email", {}),
    "acces": ("account.access", {}),
    "fermer": ("account.close", {}),
}
"""What a proof is asked for, by its name in addresses: where to go on afterwards."""

_PROVEN, _AIM = "proven", "aim"
_AIM_SECONDS = 900
_STATUS = {"wait": 429, "locked": 403}


class ProofForm(SpaceForm):
    """The password, again."""

    password = PasswordField(
        _("Your password"),
        validators=[Needed(_("Write your password."), 1024)],
        render_kw={"autocomplete": "current-password"},
    )


def proven() -> bool:
    """Whether this person proved just now that it is them."""
    now = here().outside.clock()
    if whoever().way == "broker" and now - visitor().identified_at <= PROOF_SECONDS:
        return True
    name, until = session.get(_PROVEN, ("", 0.0))
    return bool(now < until and name == session_name(here().cookie() or ""))


def prove_first(aim: str) -> Response:
    """Off to the proof, which leads back to where it was asked for (a name of AIMS)."""
    return redirect(url_for("account.prove", pour=aim), 303)


def way_on() -> Response | None:
    """Back to what a proof at the broker was asked for; None when there is nothing, or no proof."""
    aim, until = session.pop(_AIM, ("", 0.0))
    if aim in AIMS and here().outside.clock() < until and proven():
        return _go_on(aim)
    return None


@views.route("/mon-compte/confirmation", methods=["GET", "POST"])
@members_only
def prove() -> Page | Response:
    """The password, or the way to the broker."""
    aim = _aim()
    if proven():
        return _go_on(aim)
    form, tried = ProofForm(), None
    if form.validate_on_submit():
        tried = _try(form)
        if tried.result == "right":
            name = session_name(here().cookie() or "")
            session[_PROVEN] = (name, here().outside.clock() + PROOF_SECONDS)
            return _go_on(aim)
    page = render_template(
        "space/prove.html",
        form=form,
        aim=aim,
        tried=tried,
        with_password=insurer().ways(account_id()).password_since is not None,
        with_account=whoever().way == "broker",
    )
    return page, _STATUS.get(tried.result, 422) if tried else 422 if form.errors else 200


@views.post("/mon-compte/confirmation/compte")
@members_only
def prove_elsewhere() -> Response:
    """Off to the broker, which asks the person to sign in anew (`prompt=login`)."""
    door = here()
    session[_AIM] = (_aim(), door.outside.clock() + _AIM_SECONDS)
    return redirect(door.party.begin(door.browser(), language(), anew=True), 303)


def _aim() -> str:
    aim = request.args.get("pour", "")
    return aim if aim in AIMS else abort(404)


def _go_on(aim: str) -> Response:
    if aim == "acces":
        flash(gettext("We know that it is you. You may now remove a way in."), "success")
    endpoint, values = AIMS[aim]
    return redirect(url_for(endpoint, **values), 303)


def _try(form: ProofForm) -> Proven:
    origin, key = request.remote_addr or "unknown", form.key_for(form.password.data)
    tried = insurer().prove(account_id(), form.password.data, origin, key)
    form.renew(fresh_key(here().outside.random))
    if tried.result == "refused":
        form.blame("password", _("This is not the password of this account."))
    return tried
