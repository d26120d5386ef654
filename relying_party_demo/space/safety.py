"""Alerts (S140-S143), sign-ins and open devices."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug import Response

from relying_party_demo.door.door import here, members_only
from relying_party_demo.pages.languages import language
from relying_party_demo.sessions.devices import session_name
from relying_party_demo.space.form import SpaceForm
from relying_party_demo.space.room import account_id, insurer, views

ALERTS = ("login", "contact", "payment")


@views.route("/mon-compte/alertes", methods=["GET", "POST"])
@members_only
def alerts() -> str | Response:
    """Three boxes: what to be told of by mail."""
    form = SpaceForm()
    if form.validate_on_submit():
        wanted = {name: name in request.form for name in ALERTS}
        choice = {**wanted, "language": language()}
        insurer().choose_alerts(account_id(), choice, form.key_for(choice))
        flash(gettext("Your choice of alerts is recorded."), "success")
        return redirect(url_for("account.alerts"), 303)
    return render_template("space/alerts.html", form=form, chosen=insurer().alerts(account_id()))


@views.get("/mon-compte/connexions")
@members_only
def sign_ins() -> str:
    """On which devices the account is open now, and the last sign-ins."""
    return render_template(
        "space/sign_ins.html",
        form=SpaceForm(),
        devices=here().devices.of(account_id()),
        mine=session_name(here().cookie() or ""),
        visits=insurer().visits(account_id()),
    )


@views.post("/mon-compte/connexions/<name>")
@members_only
def close_device(name: str) -> Response:
    """End the session of another device, or of every other one."""
    door, mine = here(), session_name(here().cookie() or "")
    names = [one.name for one in door.devices.of(account_id())] if name == "autres" else [name]
    ended = sum(door.devices.close(account_id(), one) for one in names if one != mine)
    flash(
        gettext("That device is logged out.")
        if ended
        else gettext("That device was logged out already."),
        "success",
    )
    return redirect(url_for("account.sign_ins"), 303)
