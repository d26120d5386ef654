"""The words of the desk for what the insurer says in codes; an unknown code is shown as it is."""

from collections.abc import Mapping
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from relying_party_demo.pages.moments import day

REASONS: dict[str, LazyString] = {
    "account_creation": _("Help with the creation of an account"),
    "refused_login": _("A sign-in that was refused"),
    "locked_account": _("A locked account"),
    "code_not_received": _("A code that does not arrive"),
    "contact_changed": _("A change of e-mail address or mobile number"),
    "bank_details": _("A question about bank details"),
    "message": _("The answer to a message"),
    "fraud": _("A suspicion of fraud"),
    "other": _("Another reason"),
}
TRAITS: dict[str, LazyString] = {
    "family_name": _("birth name"),
    "given_name": _("first names"),
    "birthdate": _("date of birth"),
    "gender": _("sex"),
    "birthplace": _("place of birth"),
}
OUTCOMES: dict[str, LazyString] = {
    "invalid": _("the identity that was sent cannot be used"),
    "ambiguous": _("several persons fit"),
    "usage_name": _("the usage name stands where the birth name should"),
    "near_miss": _("one detail differs from the file"),
    "none": _("nobody fits"),
    "deceased": _("the person is registered as deceased"),
    "already_linked": _("the account is linked to somebody else"),
    "account_locked": _("the account is locked"),
    "account_deactivated": _("the account was deactivated"),
    "record_gone": _("the person is no longer in the register"),
    "record_changed": _("the register gave this number to somebody else"),
    "identity_changed": _("the identity no longer fits the linked account"),
    "other_account": _("this person already has another account"),
    "number_taken": _("another account has this social security number"),
}
LIKENESSES: dict[str, LazyString] = {
    "separator": _("written with other hyphens or blanks"),
    "fewer_given_names": _("fewer first names"),
    "compound_given_name": _("a compound first name that was split"),
    "renumbered_or_merged_place": _("an old or merged commune"),
    "place_before_independence": _("a place named as before independence"),
    "presumed_date": _("a presumed date"),
}
GENDERS: dict[str, LazyString] = {
    "female": _("female"),
    "male": _("male"),
    "unspecified": _("not specified"),
}
STATES: dict[str, LazyString] = {
    "pending": _("asked for, not confirmed yet"),
    "active": _("active"),
    "locked": _("locked"),
    "deactivated": _("deactivated"),
    "closed": _("closed"),
    "replaced": _("replaced"),
}
ORIGINS: dict[str, LazyString] = {
    "federation": _("by identifying with another account"),
    "classic": _("with the form"),
    "advisor": _("by an advisor"),
}
CODE_STATES: dict[str, LazyString] = {
    "posted": _("on its way or at the person's"),
    "used": _("used"),
    "dead": _("dead after three wrong tries"),
    "replaced": _("replaced by a newer one"),
}
ACTS: dict[str, LazyString] = {
    "iban_checked": _("IBAN compared"),
    "email_changed": _("e-mail address changed"),
    "mobile_changed": _("mobile number changed"),
    "unlocked": _("account unlocked"),
    "code_posted": _("code sent by post"),
    "replaced": _("account replaced"),
    "message_answered": _("message answered"),
    "case_closed": _("case closed"),
}
TOPICS: dict[str, LazyString] = {
    "reimbursement": _("a reimbursement"),
    "rights": _("rights"),
    "leave": _("a sick leave"),
    "document": _("a document"),
    "other": _("another subject"),
}
REFUSALS: dict[str, LazyString] = {
    "staff_refused": _("The name, the password or the code does not fit. A code serves once."),
    "staff_locked": _("Too many attempts: signing in is blocked. Wait, or ask your supervisor."),
    "desk_closed": _("The desk is closed. It opens Monday to Friday, 8:30 to 17:30."),
    "consultation_limit": _("You opened many files in one hour. Wait, then go on."),
    "consultation_unknown": _("This consultation is closed: search for the person again."),
    "case_unknown": _("No case has this number. Check it with the person."),
    "conflict": _("The account does not allow this, or a colleague was faster. Nothing was done."),
    "email_taken": _("Another account uses this e-mail address. Ask for another one."),
    "too_many": _("Many people are signing in. Wait a few seconds, then try again."),
}
REFUSED = _("The insurer refused this. Nothing was done.")
FIELDS: dict[tuple[str, str], LazyString] = {
    ("nir", "key"): _("The key does not fit: a digit is wrong. Ask for the number again."),
    ("nir", ""): _("This is not a social security number: 13 or 15 characters."),
    ("birthplace", "unknown"): _("No commune has this name or this code."),
    ("birthplace", ""): _("Several communes have this name. Type the code of one: %(codes)s."),
    ("birthcountry", ""): _("No country has this name or this code."),
    ("birthdate", ""): _("This date does not exist. Write 00 for an unknown day or month."),
    ("family_name", "too_little"): _("Give two of: birth name, first name, date, place of birth."),
    ("family_name", ""): _("This name cannot be read: Latin letters only."),
    ("given_name", ""): _("These first names cannot be read: Latin letters only."),
    ("iban", ""): _("This is not an IBAN: a character is wrong. Ask for it again."),
    ("email", ""): _("This is not an e-mail address."),
    ("mobile", ""): _("This is not a mobile number."),
    ("reason", ""): _("Choose a reason."),
    ("note", "missing"): _("Say which reason in a few words."),
    ("note", ""): _("This is too long: 500 characters at most."),
    ("text", ""): _("Write an answer of 4000 characters at most."),
}
"""(field, rule) -> the sentence beside the field; an empty rule stands for all others."""


def word(words: Mapping[str, LazyString], code: str) -> str:
    """The words for a code; an unknown code as it came."""
    return str(words.get(code, code))


def born(text: str) -> str:
    """`1985-03-27` -> `27 mars 1985`; of a partial date, the part that is known."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text.removesuffix("-00").removesuffix("-00")


def field_fault(field: str, rule: str) -> LazyString | str | None:
    """What is wrong with a field, None when the field is not one of a form."""
    found = FIELDS.get((field, rule)) or FIELDS.get((field, ""))
    if found is None:
        return None
    codes = rule.partition(": ")[2]
    return str(found) % {"codes": codes} if codes else found
