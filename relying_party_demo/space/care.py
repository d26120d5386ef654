"""Sick leaves with their daily benefits (S15, S154), and orders of a new card (S16, S158)."""

from flask import redirect, render_template, url_for
from flask_babel import lazy_gettext as _
from werkzeug import Response
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from relying_party_demo.door.door import members_only
from relying_party_demo.space.form import SpaceForm
from relying_party_demo.space.insurer import RefusedError
from relying_party_demo.space.room import Page, account_id, insurer, views
from relying_party_demo.space.words import REASONS

_OPEN_STAGES = {"prepared", "made", "posted"}


class CardForm(SpaceForm):
    """Why a new card is needed."""

    reason = RadioField(
        _("Your card is"),
        choices=[SelectChoice(code, words) for code, words in REASONS.items()],
        validators=[InputRequired(_("Say what happened to your card."))],
    )


@views.get("/mon-compte/arrets")
@members_only
def leaves() -> str:
    """Each leave: dates, waiting days, benefits paid and to come."""
    return render_template("space/leaves.html", leaves=insurer().leaves(account_id()))


@views.route("/mon-compte/carte", methods=["GET", "POST"])
@members_only
def card() -> Page | Response:
    """Order a card, and see how far an order came."""
    form = CardForm()
    if form.validate_on_submit():
        try:
            insurer().order_card(account_id(), form.reason.data, form.key_for(form.reason.data))
        except RefusedError as refusal:
            if refusal.reason != "order_open":
                raise
        return redirect(url_for("account.card"), 303)
    return _card(form)


@views.post("/mon-compte/carte/<outcome>")
@members_only
def card_outcome(outcome: str) -> Page | Response:
    """The card came, or is not needed any more."""
    wanted = {"recue": "received", "annuler": "cancelled"}.get(outcome, "")
    form = SpaceForm()
    try:
        insurer().close_order(account_id(), wanted, form.key_for(wanted))
    except RefusedError as refusal:
        if refusal.reason != "order_too_far":
            raise
    return redirect(url_for("account.card"), 303)


def _card(form: CardForm) -> Page:
    orders = insurer().orders(account_id())
    under_way = next((one for one in orders if one.stage in _OPEN_STAGES), None)
    page = render_template(
        "space/card.html",
        form=form,
        under_way=under_way,
        past=[one for one in orders if one is not under_way],
    )
    return page, 422 if form.errors else 200
