"""Lies told about the person: the subject, and the claims of the userinfo."""

from typing import Any

from mock_idps.faults.draft import without_ellipses
from mock_idps.faults.fault import Ends, Fault, Liar, Where

_SUBJECT = "Refuse: a subject is a text of 1 to 255 characters, never made from anything else."
_MISSING = (
    "Refuse before any search: the trait is missing. Tell the operator which, not the public."
)
_MALFORMED = "Refuse before any search: the trait is malformed. Never guess a value."
_ANYBODY_ELSE = "f" * 40


def _subject(name: str, does: str, subject: Any) -> Fault:
    return Fault(name, Where.SUBJECT, does, _SUBJECT, lambda _, __: subject)


def _claims(name: str, does: str, expects: str, ends: Ends = Ends.BANNER, **claims: Any) -> Fault:
    """A lie that sets fixed claims of the userinfo; `...` leaves one out."""

    def act(honest: dict[str, Any], _: Liar) -> dict[str, Any]:
        return without_ellipses({**honest, **claims})

    return Fault(name, Where.CLAIMS, does, expects, act, ends)


SUBJECT = (
    _subject("no_sub", "Sends no subject.", ...),
    _subject("sub_null", "Sends null as the subject.", None),
    _subject("sub_empty", "Sends an empty subject.", ""),
    _subject("sub_number", "Sends a number as the subject.", 12345),
    _subject("sub_list", "Sends a list as the subject.", ["12345"]),
    _subject("sub_long", "Sends a subject of 300 characters.", "a" * 300),
)

CLAIMS = (
    _claims(
        "other_sub",
        "The userinfo is about somebody else than the ID token.",
        "Refuse: both subjects must be equal (OpenID Connect Core §5.3.2).",
        sub=_ANYBODY_ELSE,
    ),
    _claims("no_family_name", "Sends no birth name.", _MISSING, family_name=...),
    _claims(
        "no_given_name", "Sends no first name.", _MISSING, given_name=..., given_name_array=...
    ),
    _claims("no_birthdate", "Sends no date of birth.", _MISSING, birthdate=...),
    _claims("no_gender", "Sends no sex.", _MISSING, gender=...),
    _claims(
        "no_birthplace",
        "Sends a birth in France without its commune.",
        _MISSING,
        birthplace=...,
        birthcountry="99100",
    ),
    _claims("no_birthcountry", "Sends no country of birth.", _MISSING, birthcountry=...),
    _claims(
        "malformed_birthdate",
        "Sends a known day in an unknown month.",
        _MALFORMED,
        birthdate="1985-00-27",
    ),
    _claims(
        "malformed_birthplace",
        "Sends a postal code of four digits as the commune of birth.",
        _MALFORMED,
        birthplace="6938",
        birthcountry="99100",
    ),
    _claims(
        "malformed_birthcountry",
        "Sends the country of birth as two letters.",
        _MALFORMED,
        birthcountry="FR",
    ),
    _claims("malformed_gender", "Sends the sex as a digit.", _MALFORMED, gender="2"),
    _claims(
        "no_email",
        "Sends no e-mail address.",
        "Accept: the address is no part of the identity.",
        Ends.GOES_ON,
        email=...,
    ),
)
