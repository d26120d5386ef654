"""What is said beside a field that is wrong, whoever finds the fault: the page or the insurer."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

NIR_KEY = _(
    "One digit at least is wrong: the two digits of the key, at the end, do not go with the "
    "others. Copy the number again from your card."
)
NIR_KEY_MISSING = _(
    "The key is missing: these are the last 2 digits on your card, after the 13 others. Write all "
    "15."
)
NIR_FORM = _("This is not a social security number: there are 13 digits, then the 2 of the key.")
BIRTHDATE = _("This is not a date. Write day, month, year. Example: 27/03/1985.")
POSTAL_CODE = _("A postcode has 5 digits. Example: 69003.")
IBAN = _("This is not an IBAN: a letter or a digit is wrong or missing. Copy it again.")
EMAIL = _("This is not an e-mail address. Example: claire.martin@exemple.fr.")

PASSWORD_RULES: dict[str, LazyString] = {
    "length": _("8 characters at least (12 are better)"),
    "lower": _("one small letter"),
    "upper": _("one capital letter"),
    "digit": _("one digit"),
    "special": _("one special character (! @ # for example)"),
    "personal": _("neither your number nor your e-mail address"),
    "known": _("not one of the passwords that everybody tries first"),
    "too_long": _("128 characters at most"),
}
"""Each rule by the name the insurer gives it, worded as what the password must be."""
