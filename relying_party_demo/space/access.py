"""The ways into the account, its e-mail address, and its end."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from werkzeug import Response
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Regexp

from relying_party_demo.door.door import here, members_only
from relying_party_demo.pages.languages import language
from relying_party_demo.space.answers import EmailChange
from relying_party_demo.space.form import SpaceForm, Trimmed
from relying_party_demo.space.insurer import RefusedError
from relying_party_demo.space.proof import prove_first, proven
from relying_party_demo.space.room import Page, account_id, insurer, views

_NOT_AN_ADDRESS = _("This is not an e-mail address. Example: claire.martin@exemple.fr.")
_ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
_LONGEST_ADDRESS = 254


class EmailForm(SpaceForm):
    """A new address."""

    email = StringField(
        _("New e-mail address"),
        description=_("One that you read often and that nobody shares."),
        validators=[
            Trimmed(_("Write your e-mail address."), _LONGEST_ADDRESS, _NOT_AN_ADDRESS),
            Regexp(_ADDRESS, message=_NOT_AN_ADDRESS),
        ],
        render_kw={"autocomplete": "email", "type": "email", "spellcheck": "false"},
    )


class CodeForm(SpaceForm):
    """The code that came to it."""

    code = StringField(
        _("Security code"),
        description=_("6 digits, in the e-mail that we sent to the new address."),
        validators=[
            Trimmed(_("Write the code you received."), 40, _("The code has 6 digits.")),
            Regexp(r"^[0-9 ]{6,11}$", message=_("The code has 6 digits.")),
        ],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "size": 10},
    )


class CloseForm(SpaceForm):
    """A last question before the account ends."""

    sure = BooleanField(
        _("I understand: my account will be closed for good."),
        validators=[InputRequired(_("Tick the box if you want to close your account."))],
    )


@views.get("/mon-compte/acces")
@members_only
def access() -> str:
    """Every way in, with the way to remove it."""
    ways = insurer().ways(account_id())
    return render_template("space/access.html", ways=ways, form=SpaceForm())


@views.post("/mon-compte/acces/<int:number>")
@members_only
def unlink(number: int) -> Page | Response:
    """Remove one, unless it is the last."""
    if not proven():
        return prove_first("acces")
    form = SpaceForm()
    try:
        insurer().unlink(account_id(), number, form.key_for(number))
    except RefusedError as refusal:
        if refusal.reason != "last_way_in":
            raise
        ways = insurer().ways(account_id())
        return render_template("space/access.html", ways=ways, form=form, last=True), 409
    flash(gettext("This way of logging in is removed."), "success")
    return redirect(url_for("account.access"), 303)


@views.route("/mon-compte/email", methods=["GET", "POST"])
@members_only
def email() -> Page | Response:
    """Ask for another address."""
    if not proven():
        return prove_first("email")
    form, known = EmailForm(), insurer().account(account_id()).contact.email_masked
    if known is None:
        form.email.label.text = gettext("Your e-mail address")
    if form.validate_on_submit():
        key = form.key_for(form.email.data)
        try:
            insurer().ask_email(account_id(), form.email.data, language(), key)
        except RefusedError as refusal:
            if refusal.reason != "invalid_request":
                raise
            form.blame("email", _NOT_AN_ADDRESS)
        else:
            return redirect(url_for("account.email_code"), 303)
    page = render_template("space/email.html", form=form, known=known)
    return page, 422 if form.errors else 200


@views.route("/mon-compte/email/code", methods=["GET", "POST"])
@members_only
def email_code() -> Page | Response:
    """Confirm it with the code that came there."""
    form = CodeForm()
    if form.validate_on_submit() and _confirmed(form):
        flash(gettext("Your new e-mail address is recorded."), "success")
        return redirect(url_for("account.home"), 303)
    waiting = insurer().ways(account_id()).email_change
    return _code_page(form, waiting)


@views.route("/mon-compte/fermer", methods=["GET", "POST"])
@members_only
def close() -> Page | Response:
    """Close the account: what it means, a box, and then every session ends."""
    if not proven():
        return prove_first("fermer")
    form = CloseForm()
    if form.validate_on_submit():
        account, door = account_id(), here()
        insurer().close(account, form.key_for("close"))
        door.devices.close(account)
        response = redirect(url_for("account.closed"), 303)
        door.let_out(response)
        return response
    page = render_template("space/close.html", form=form)
    return page, 422 if form.errors else 200


@views.get("/compte-ferme")
def closed() -> str:
    """What was done, for whoever has just closed their account."""
    return render_template("space/closed.html")


def _confirmed(form: CodeForm) -> bool:
    code = form.code.data.replace(" ", "")
    try:
        tried = insurer().confirm_email(account_id(), code, form.key_for(code))
    except RefusedError as refusal:
        if refusal.reason == "email_taken":
            form.blame("code", _("E-mail address already used: choose another one."))
        elif refusal.reason == "invalid_request":
            form.blame("code", _("The code has 6 digits."))
        else:
            raise
        return False
    if tried.outcome == "wrong" and tried.tries_left:
        form.blame(
            "code",
            ngettext(
                "This is not the right code. You may try once more.",
                "This is not the right code. You may try %(num)s more times.",
                tried.tries_left,
            ),
        )
    elif tried.outcome != "changed":
        form.blame("code", _("This code is no longer valid. Ask for another one."))
    return tried.outcome == "changed"


def _code_page(form: CodeForm, waiting: EmailChange | None) -> Page | Response:
    if waiting is None and not form.errors:
        return redirect(url_for("account.email"), 303)
    page = render_template("space/email_code.html", form=form, waiting=waiting)
    return page, 422 if form.errors else 200
