"""
Why the insurer opens no account, as people read it: what happened, why, what to do (S102-S128).

The first sentence of E1 to E4 is that of the guide, word for word. E1 is one text for every
difference with the file and for an account that exists, so that nobody learns from it which detail
was right, or who has an account; it is true of both.
"""

from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Refusal(NamedTuple):
    """
    A page that says no. With `again` the form stands under it, to be corrected; `account` tells
    that the person may have an account, which the page then offers to open.
    """

    title: LazyString
    happened: LazyString
    causes: tuple[LazyString, ...] = ()
    remedies: tuple[LazyString, ...] = ()
    again: bool = False
    account: bool = False


NOT_MATCHING = Refusal(
    _("Your situation does not allow an account to be created"),
    _(
        "No account was created. Either one detail is not exactly that of your file, or you have "
        "an account already. Nine failures out of ten come from three details: the birth name, "
        "the postcode, the bank details."
    ),
    (
        _("One detail is not written as in your file."),
        _("The birth name is spelt otherwise: particle, hyphen, accent."),
        _("You moved recently, and your postcode is no longer the right one."),
        _("Your bank details are not recorded, or you changed them a short while ago."),
        _("You have an account already: one person has one account only."),
    ),
    (
        _(
            "You may have an account already: log in, or ask for a code to choose a password. "
            "When there is one, we write to the e-mail address of that account, once a day at "
            "most."
        ),
        _("Check your name on your birth certificate: your birth name, not your usage name."),
        _("Check that the postcode is the one you gave to your fund (CPAM)."),
        _("Your bank details changed recently? Wait 2 to 3 working days, then try again."),
        _("Everything looks right? Call your fund on 36 46: an advisor checks your file."),
    ),
    again=True,
    account=True,
)
IBAN_UNKNOWN = Refusal(
    _("Bank details not recognised by the system"),
    _(
        "We recognised you, but the IBAN you typed is not the one that the health insurance has "
        "on record for you."
    ),
    (
        _("You have a new bank account that is not recorded yet."),
        _("There was a mistake when these bank details were given to your fund."),
        _("You gave them a few days ago, and they are being processed."),
    ),
    (
        _(
            "Look on your bank statements for the account that our reimbursements reach: it is "
            "the IBAN of that account."
        ),
        _("You changed bank recently? Wait 48 to 72 hours before you create the account."),
        _("Call 36 46 to know which bank details are in your file."),
    ),
    again=True,
)
IBAN_PENDING = Refusal(
    IBAN_UNKNOWN.title,
    _(
        "We recognised you, but the system does not know your new bank details yet: they are "
        "recorded and being processed. It takes 2 to 3 working days (48 to 72 hours)."
    ),
)
EMAIL_USED = Refusal(
    _("E-mail address already used"),
    _("We recognised you, but an Ameli account exists already with this e-mail address."),
    (),
    (
        _("It is your account? Log in, or ask for a new password."),
        _("It is the address of a relative? Each person needs an address of their own."),
        _(
            "You are certain that you never created an account? Tell the health insurance on "
            "36 46: somebody may be using your identity."
        ),
    ),
    again=True,
    account=True,
)
UNDER_16 = Refusal(
    _("A personal account can be opened from the age of 16"),
    _("Before 16, reimbursements are shown in the account of the parent you are attached to."),
)
DECEASED = Refusal(
    _("We need to talk to you"),
    _(
        "This account cannot be opened online. An advisor will look at this file with you and "
        "tell you what can be done."
    ),
)
NO_RIGHTS = Refusal(
    _("Your rights are not open with us"),
    _("We recognised you, but your rights are closed: an account cannot be opened today."),
    (),
    (
        _("You have just changed jobs, scheme or fund? Your new file may not be complete yet."),
        _("Call 36 46: an advisor tells you how to open your rights again."),
    ),
)
TEMPORARY_NUMBER = Refusal(
    _("Your social security number is still temporary"),
    _(
        "An account can be opened once your final number is known. Your care is covered "
        "meanwhile with the number you have."
    ),
    (),
    (
        _("Wait for the letter that tells you your final number."),
        _("It has been a long time? Call 36 46: an advisor says what is missing in your file."),
    ),
)

REFUSALS = {
    "not_matching": NOT_MATCHING,
    "iban_unknown": IBAN_UNKNOWN,
    "iban_pending": IBAN_PENDING,
    "email_used": EMAIL_USED,
    "under_16": UNDER_16,
    "deceased": DECEASED,
    "no_rights": NO_RIGHTS,
    "temporary_number": TEMPORARY_NUMBER,
}
"""Every refusal by the name the insurer gives it; an unknown one is read as the first."""

WRONG_CODE = Refusal(
    _("Provisional code invalid or expired"),
    _("The code you typed is not the right one, or it is no longer valid."),
    (
        _("You asked for several codes: only the last one is valid."),
        _("The code is more than 24 hours old."),
        _("A letter was taken for another: 0 and O, 1 and I look alike."),
    ),
    (
        _("Use the last code you received, and no other."),
        _("Copy and paste it from the message rather than typing it."),
        _("It is more than 24 hours old, or it fails again? Ask for another code."),
    ),
    again=True,
)
