"""What a person declares: address, bank details, doctor, fund (S17, S152, S161, S163)."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from werkzeug import Response
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp, StopValidation

from relying_party_demo.door.door import members_only
from relying_party_demo.pages.moments import weekday
from relying_party_demo.space.form import SpaceForm, Trimmed
from relying_party_demo.space.insurer import RefusedError
from relying_party_demo.space.proof import prove_first, proven
from relying_party_demo.space.room import Page, account_id, insurer, views

_LINE = 120
_TOO_LONG = _("This is too long: 120 characters at most.")
NO_IBAN = _("This is not an IBAN: a letter or a digit is wrong or missing. Copy it again.")


def _line(label: LazyString, hint: LazyString, missing: LazyString, **attributes: str) -> Any:
    return StringField(
        label,
        description=hint,
        validators=[Trimmed(missing, _LINE, _TOO_LONG)],
        render_kw={"maxlength": _LINE, **attributes},
    )


def real_iban(_form: SpaceForm, field: Field) -> None:
    """Its country, length and both keys fit; blanks do not matter."""
    try:
        field.data = str(IBAN(field.data, validate_bban=True))
    except SchwiftyException:
        raise StopValidation(NO_IBAN) from None


class AddressForm(SpaceForm):
    """Where the person lives."""

    street = _line(
        _("Number and street"),
        _("Example: 12 rue des Lilas."),
        _("Write the number and the street."),
        autocomplete="street-address",
    )
    postal_code = StringField(
        _("Postcode"),
        description=_("5 digits. Example: 69003."),
        validators=[
            Trimmed(_("Write the postcode."), _LINE, _TOO_LONG),
            Regexp(r"^[0-9]{5}$", message=_("A postcode has 5 digits. Example: 69003.")),
        ],
        render_kw={"autocomplete": "postal-code", "inputmode": "numeric", "size": 8},
    )
    city = _line(
        _("Town"), _("Example: Lyon."), _("Write the town."), autocomplete="address-level2"
    )


class BankForm(SpaceForm):
    """On which account to be paid."""

    iban = StringField(
        _("IBAN"),
        description=_(
            "It is on the bank details (RIB) that your bank gives you. Copy and paste it: one "
            "wrong letter is enough to stop everything."
        ),
        validators=[
            Trimmed(_("Write your IBAN."), 42, NO_IBAN),
            real_iban,
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false", "size": 36},
    )


class DoctorForm(SpaceForm):
    """Which doctor the person chose."""

    name = _line(
        _("Name of the doctor"),
        _("Example: Dr Lenoir."),
        _("Write the name of the doctor."),
        autocomplete="off",
    )
    city = _line(
        _("Town of the surgery"), _("Example: Lyon."), _("Write the town."), autocomplete="off"
    )


class FundForm(SpaceForm):
    """Which fund the person now depends on."""

    fund = SelectField(
        _("Your new fund"),
        description=_("The one of the department where you live now."),
        validators=[InputRequired(_("Choose a fund."))],
        validate_choice=False,
    )


FORMS: dict[str, tuple[str, type[SpaceForm]]] = {
    "adresse": ("address", AddressForm),
    "rib": ("bank", BankForm),
    "medecin": ("doctor", DoctorForm),
    "caisse": ("fund", FundForm),
}
"""The end of each address: what is declared there, and with which form."""


@views.get("/mon-compte/changements")
@members_only
def changes() -> str:
    """What is on record of each kind, what is coming, and the way to change it."""
    found = insurer().declarations(account_id())
    return render_template("space/changes.html", declared=found.declared, forms=FORMS)


@views.route("/mon-compte/changements/<slug>", methods=["GET", "POST"])
@members_only
def change(slug: str) -> Page | Response:
    """One kind of change; money goes elsewhere on a fresh proof only."""
    kind, form_class = FORMS.get(slug) or abort(404)
    if kind == "bank" and not proven():
        return prove_first(slug)
    form = form_class()
    if kind == "fund":
        funds = insurer().declarations(account_id()).funds
        form.fund.choices = [SelectChoice("", ""), *map(SelectChoice, funds)]
    if form.validate_on_submit() and _declared(kind, form):
        return redirect(url_for("account.changes"), 303)
    page = render_template("space/change.html", form=form, kind=kind)
    return page, 422 if form.errors else 200


def _declared(kind: str, form: SpaceForm) -> bool:
    said = {field.name: field.data for field in form if field.name not in _UNSAID}
    said["kind"] = kind
    try:
        done = insurer().declare(account_id(), said, form.key_for(said))
    except RefusedError as refusal:
        if refusal.member not in said:
            raise
        sentence = NO_IBAN if kind == "bank" else _("The health insurance does not accept this.")
        form.blame(refusal.member, sentence)
        return False
    flash(
        gettext("Your change is recorded. It counts from %(day)s.", day=weekday(done.effective_on)),
        "success",
    )
    return True


_UNSAID = {"csrf_token", "request_key"}
