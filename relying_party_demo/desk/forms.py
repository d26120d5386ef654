"""The forms of the desk. None of them has a field for the password of a person."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from relying_party_demo.classic import typed
from relying_party_demo.desk.words import GENDERS, REASONS
from relying_party_demo.pages.questions import Needed, OnceField, Questions

_LONGEST_ANSWER = 4000
_PLAIN = {"spellcheck": "false", "autocomplete": "off"}
_TOLD = ("family_name", "given_names", "birthdate", "gender", "birthplace", "birthcountry")
_DATE = _("This is not a date. Write day, month, year; 00 for what is unknown.")


class StaffForm(Questions):
    """An advisor signs in."""

    name = StringField(
        _("Your name at the desk"),
        validators=[Needed(_("Write your name."))],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Your password at the desk"),
        validators=[Needed(_("Write your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    code = OnceField(
        _("Code of your authenticator"),
        description=_("6 digits, which change every 30 seconds. Each serves once."),
        validators=[Needed(_("Write the code."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "size": 10},
    )


class WhyForm(Questions):
    """The reason of a consultation; it is written to the journal."""

    reason = SelectField(
        _("Reason of the consultation"),
        description=_("It is kept with your name, and shown in the history of the file."),
        choices=[
            SelectChoice("", _("Choose a reason")),
            *(SelectChoice(code, words) for code, words in REASONS.items()),
        ],
        validate_choice=False,
        validators=[Needed(_("Choose a reason."))],
    )
    note = StringField(
        _("Note (needed for another reason)"),
        description=_("A few words for your colleagues. No number and no bank details."),
        render_kw={"autocomplete": "off", "maxlength": 500},
    )


class MessageForm(WhyForm):
    """The reason of whoever reads a message: to answer it, unless it is another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, reason="message", **kwargs)


class SearchForm(WhyForm):
    """Who calls: `by` tells which part of the form counts."""

    nir = StringField(
        _("Social security number"), description=_("13 or 15 characters."), render_kw=_PLAIN
    )
    case_number = StringField(
        _("Case number"),
        description=_(
            "On the page of the refused login, 8 characters: 7K4M-2QXP. Failing that, the error "
            "number of the page: B0401. Capitals, blanks and hyphens do not matter."
        ),
        render_kw={**_PLAIN, "size": 12},
    )
    family_name = StringField(_("Birth name"), render_kw=_PLAIN)
    given_names = StringField(
        _("First names"), description=_("In order, the first one at least."), render_kw=_PLAIN
    )
    birthdate = StringField(
        _("Date of birth"),
        description=_("Day, month, year. Example: 27/03/1985. 00 for what is unknown."),
        render_kw={**_PLAIN, "size": 12},
    )
    gender = RadioField(
        _("Sex"),
        choices=[
            SelectChoice("", _("not said")),
            SelectChoice("female", GENDERS["female"]),
            SelectChoice("male", GENDERS["male"]),
        ],
        default="",
        validate_choice=False,
    )
    birthplace = StringField(
        _("Commune of birth"), description=_("Its name or its code."), render_kw=_PLAIN
    )
    birthcountry = StringField(
        _("Country of birth, outside France"),
        description=_("Its name or its code."),
        render_kw=_PLAIN,
    )

    def meant(self, pressed: str) -> str:
        """
        `nir`, `case` or `traits`: the part whose button was pressed, or the one that was filled.

        The Enter key presses the first button of a form, wherever the person was writing.
        """
        filled = {
            "nir": bool(self.nir.data),
            "traits": any(self[name].data for name in _TOLD),
            "case": bool(self.case_number.data),
        }
        if filled.get(pressed):
            return pressed
        return next((part for part, full in filled.items() if full), "traits")

    def said(self, by: str) -> dict[str, str]:
        """What counts, as the insurer reads it; faults are put beside their fields."""
        why = {"reason": self.reason.data or "", "note": self.note.data or ""}
        if by == "case":
            return {**why, "number": self.case_number.data or ""}
        if by == "nir":
            return {**why, "nir": self.nir.data or ""}
        told = {name: (self[name].data or "").strip() for name in _TOLD}
        return {**why, **told, "birthdate": self._date()}

    def _date(self) -> str:
        text = (self.birthdate.data or "").strip()
        try:
            return typed.birthdate(text) if text else ""
        except ValueError:
            self.blame("birthdate", _DATE)
            return ""


class ShownForm(Questions):
    """The file of a person who is shown."""

    person = HiddenField()


class PlainForm(Questions):
    """One button."""


class EmailForm(Questions):
    """A new e-mail address."""

    email = StringField(
        _("New e-mail address"),
        description=_("The old and the new address are told by e-mail."),
        validators=[Needed(_("Write the e-mail address."))],
        render_kw={**_PLAIN, "inputmode": "email"},
    )


class MobileForm(Questions):
    """A new mobile number."""

    mobile = StringField(
        _("New mobile number"),
        description=_(
            "The old and the new number are told by text message, and the mailbox by e-mail."
        ),
        validators=[Needed(_("Write the mobile number."))],
        render_kw={**_PLAIN, "inputmode": "tel", "size": 20},
    )


class ReplacementForm(Questions):
    """A new account in place of the old one."""

    email = StringField(
        _("E-mail address of the new account (may be left empty)"),
        description=_("Nothing of the old account is kept."),
        render_kw={**_PLAIN, "inputmode": "email"},
    )
    sure = BooleanField(_("The person agrees that the old account ends now."))

    def check(self) -> bool:
        """Whether it was said that the person agrees."""
        if not self.sure.data:
            self.blame("sure", _("Tick the box once the person has agreed."))
        return bool(self.sure.data)


class AnswerForm(Questions):
    """The answer to a message."""

    message = HiddenField()
    text = TextAreaField(
        _("Your answer"),
        description=_(
            "The person reads it in the personal space. Never ask for a password or an IBAN."
        ),
        validators=[
            DataRequired(_("Write an answer of 4000 characters at most.")),
            Length(max=_LONGEST_ANSWER, message=_("Write an answer of 4000 characters at most.")),
        ],
        render_kw={"rows": 6, "maxlength": _LONGEST_ANSWER},
    )
