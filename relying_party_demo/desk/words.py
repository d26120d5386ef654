"""The words of the desk for what the insurer says in codes; an unknown code is shown as it is."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

REASONS: dict[str, LazyString] = {
    "account_creation": _("Help with the creation of an account"),
    "refused_login": _("A login that was refused"),
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
QUESTIONS: dict[str, LazyString] = {
    "given_names": _("all the first names"),
    "birthdate": _("the date of birth"),
    "birthplace": _("the place of birth"),
    "nir": _("the social security number"),
    "postal_code": _("the postcode of the home address"),
    "contact": _("the e-mail address or the mobile number of the file"),
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
MEANINGS: dict[str, LazyString] = {
    "invalid": _(
        "The account that was used sent an identity that is incomplete or cannot be read: nothing "
        "was searched. The person has it corrected there."
    ),
    "ambiguous": _(
        "Several persons of the register could be this one. Nothing is linked while there is a "
        "doubt."
    ),
    "usage_name": _(
        "The account that was used sends the usage name instead of the birth name. Only the birth "
        "name counts: the person has it corrected there."
    ),
    "near_miss": _(
        "Nothing is linked when a detail differs, were it by one letter. It is corrected where it "
        "is wrong: in the account that was used, or in the file."
    ),
    "none": _(
        "Nobody in the register has this identity. Search for the person with what they say; the "
        "account can also be created with the form."
    ),
    "deceased": _(
        "The only person who fits is registered as deceased. Speak with tact: it may be a "
        "relative, or an error of the register."
    ),
    "already_linked": _(
        "The account of this person is linked to the identity of somebody else. It may be a fraud."
    ),
    "account_locked": _(
        "The account of this person is locked. Once you know who is calling, unlock it in the file."
    ),
    "account_deactivated": _(
        "The account of this person was deactivated. It is not opened again by telephone."
    ),
    "record_gone": _("The account belongs to a person who is no longer in the register."),
    "record_changed": _(
        "In the register, the social security number of the account is now somebody else's."
    ),
    "identity_changed": _(
        "The identity that was sent is not the one with which this account was opened before."
    ),
    "other_account": _("The person came from an account that is not the one of this file."),
    "number_taken": _("Another account has the social security number of this person."),
}
"""Why an outcome refuses, and what helps, in a sentence or two."""
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
    "caller_verified": _("caller verified"),
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
    "staff_refused": _(
        "The name, the password or the code does not fit. A code serves once. After five failed "
        "attempts logging in is blocked for a while: wait, or ask your supervisor."
    ),
    "desk_closed": _("The desk is closed. It opens Monday to Friday, 8:30 to 17:30."),
    "consultation_limit": _("You opened many files in one hour. Wait, then go on."),
    "consultation_unknown": _("This consultation is closed: search for the person again."),
    "not_locked": _("This account is not locked: there is nothing to unlock, and nobody was told."),
    "caller_unverified": _(
        "Verify first who is calling: three questions, in the file. Nothing was done."
    ),
    "conflict": _("The account does not allow this, or a colleague was faster. Nothing was done."),
    "email_taken": _("Another account uses this e-mail address. Ask for another one."),
    "too_many": _("Many people are logging in. Wait a few seconds, then try again."),
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
    ("questions", ""): _("Three answers at least: those that you tick and those that you type."),
    ("nir", "different"): _("This is not the number of this file."),
    ("nir", "too_many"): _("Answers were compared too often with this file. Wait an hour."),
    ("contact", "too_many"): _("Answers were compared too often with this file. Wait an hour."),
    ("contact", ""): _("Neither the account nor the file has this address or this number."),
    ("email", "unchanged"): _("The account has this e-mail address already."),
    ("email", ""): _("This is not an e-mail address."),
    ("mobile", "unchanged"): _("The account has this mobile number already."),
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


def field_fault(field: str, rule: str) -> LazyString | str | None:
    """What is wrong with a field, None when the field is not one of a form."""
    found = FIELDS.get((field, rule)) or FIELDS.get((field, ""))
    if found is None:
        return None
    codes = rule.partition(": ")[2]
    return str(found) % {"codes": codes} if codes else found
