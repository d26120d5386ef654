"""
The forms: what each field is called, how it is written, where to find it, and what is wrong.

A form is checked as a whole, so that every fault is told at once; whether what it says is true is
for the insurer. Passwords and codes are never shown again.
"""

from collections.abc import Callable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import Field, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from relying_party_demo.classic import sentences, typed
from relying_party_demo.classic.typed import (
    NIR_WITH_KEY,
    NIR_WITHOUT_KEY,
    KeyFaultError,
    KeyMissingError,
)
from relying_party_demo.pages.questions import Needed, OnceField, Questions

_LONGEST_PASSWORD, _LONGEST_CODE = 1000, 60


class Reads:
    """A field that a reader of `typed` must understand; the reading is what is sent."""

    def __init__(self, read: Callable[[str], str], sentence: LazyString) -> None:
        self._read = read
        self._sentence = sentence

    def __call__(self, form: Questions, field: Field) -> None:
        """Stop at what cannot be read."""
        try:
            form.read[field.name] = self._read(field.data)
        except KeyFaultError:
            raise StopValidation(sentences.NIR_KEY) from None
        except KeyMissingError:
            raise StopValidation(sentences.NIR_KEY_MISSING) from None
        except ValueError:
            raise StopValidation(self._sentence) from None


def _birth_date() -> StringField:
    return StringField(
        _("Date of birth"),
        description=_("Day, month, year. Example: 27/03/1985."),
        validators=[
            Needed(_("Write your date of birth.")),
            Reads(typed.birthdate, sentences.BIRTHDATE),
        ],
        render_kw={"autocomplete": "bday", "size": 12},
    )


def _nir(hint: LazyString, *lengths: int, autocomplete: str) -> StringField:
    return StringField(
        _("Social security number"),
        description=hint,
        validators=[
            Needed(_("Write your social security number.")),
            Reads(lambda text: typed.nir(text, *lengths), sentences.NIR_FORM),
        ],
        render_kw={"spellcheck": "false", "size": 24, "autocomplete": autocomplete},
    )


def _nir_of_account() -> StringField:
    hint = _("13 or 15 digits. It is on your carte Vitale and on your certificates.")
    return _nir(hint, NIR_WITHOUT_KEY, NIR_WITH_KEY, autocomplete="username")


def _code(label: LazyString, hint: LazyString, **attributes: str) -> OnceField:
    return OnceField(
        label,
        description=hint,
        validators=[Needed(_("Write the code you received."), _LONGEST_CODE)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", **attributes},
    )


def _new_password() -> PasswordField:
    return PasswordField(
        _("Password"),
        validators=[Needed(_("Choose a password."), _LONGEST_PASSWORD)],
        render_kw={"autocomplete": "new-password", "data-rules": "password-rules"},
    )


class CreationForm(Questions):
    """The six fields of a creation (S40 to S45, X1)."""

    birth_name = StringField(
        _("Birth name"),
        description=_("As on your birth certificate; neither a usage name nor a married name."),
        validators=[Needed(_("Write your birth name."))],
        render_kw={"autocomplete": "family-name", "spellcheck": "false", "maxlength": 100},
    )
    nir = _nir(
        _("15 digits, key included. It is on your carte Vitale and on your certificates."),
        NIR_WITH_KEY,
        autocomplete="off",
    )
    birthdate = _birth_date()
    postal_code = StringField(
        _("Postcode"),
        description=_(
            "The one your fund (CPAM) knows. If you have just moved, it may be the old one."
        ),
        validators=[
            Needed(_("Write your postcode.")),
            Reads(typed.postal_code, sentences.POSTAL_CODE),
        ],
        render_kw={"autocomplete": "postal-code", "inputmode": "numeric", "size": 8},
    )
    iban = StringField(
        _("IBAN"),
        description=_(
            "The one of the account where you are reimbursed. It is on the bank details (RIB) "
            "that your bank gives you, and begins with FR."
        ),
        validators=[Needed(_("Write your IBAN.")), Reads(typed.iban, sentences.IBAN)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "size": 36},
    )
    email = StringField(
        _("Personal e-mail address"),
        description=_(
            "One that you read often and that nobody shares. Avoid temporary addresses: every "
            "official message will go there."
        ),
        validators=[Needed(_("Write your e-mail address.")), Reads(typed.email, sentences.EMAIL)],
        render_kw={"autocomplete": "email", "type": "email", "spellcheck": "false"},
    )


class SignInForm(Questions):
    """The number and the password."""

    nir = _nir_of_account()
    password = PasswordField(
        _("Password"),
        description=_("It is also called “personal code”."),
        validators=[Needed(_("Write your password."), _LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(Questions):
    """The six digits of a first sign-in."""

    code = _code(
        _("Security code"),
        _("6 digits, in the last e-mail you received from us."),
        inputmode="numeric",
        size="10",
    )


class PasswordForm(Questions):
    """A first password."""

    password = _new_password()


class RecoveryForm(Questions):
    """Who forgot, and where the code goes."""

    nir = _nir_of_account()
    birthdate = _birth_date()
    channel = RadioField(
        _("Where do you want to receive the code?"),
        choices=[
            SelectChoice("email", _("By e-mail, at the address of your account")),
            SelectChoice("sms", _("By text message, if your file holds a mobile number")),
        ],
        default="email",
        validate_choice=False,
    )


class NewPasswordForm(Questions):
    """The provisional code and the password chosen with it, the first one perhaps."""

    code = _code(
        _("Provisional code"), _("In the last message you received. Copy and paste it."), size="14"
    )
    password = _new_password()
