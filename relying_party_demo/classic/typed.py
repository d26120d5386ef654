"""
What people type, as the insurer reads it: numbers, dates, codes; ValueError when it is none.

Spaces, hyphens and dots never matter: people copy what stands on a card or on a letter.
"""

import re
from datetime import date

from email_validator import EmailNotValidError, validate_email
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

NIR_WITH_KEY, NIR_WITHOUT_KEY = 15, 13
_BETWEEN = re.compile(r"[\s.\-\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}/_]+")
_NIR = re.compile(r"[1-478]\d{4}(?:\d{2}|2[AB])\d{6}(?:\d{2})?", re.ASCII)
# The digits of a date with its separators, or the eight of them in one.
_DATE = re.compile(r"(\d{1,2})[\s./\-]+(\d{1,2})[\s./\-]+(\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII)
# Corsica counts as 19 with a constant taken off (decree 82-103 of 22 January 1982).
_CORSICA = {"2A": 1_000_000, "2B": 2_000_000}
_MODULUS = 97


class KeyFaultError(ValueError):
    """The two digits of the key do not fit the thirteen others: a typing error (X11)."""


class KeyMissingError(ValueError):
    """Thirteen digits where the two of the key are wanted: they guard against a typing error."""


def squeezed(text: str) -> str:
    """The text in capitals without whatever separates its groups."""
    return _BETWEEN.sub("", text).upper()


def nir(text: str, *lengths: int) -> str:
    """A NIR of one of these lengths; KeyMissingError or KeyFaultError when its key is not there."""
    number = squeezed(text)
    if len(number) == NIR_WITHOUT_KEY not in lengths and _NIR.fullmatch(number):
        raise KeyMissingError("the key is wanted")
    if len(number) not in lengths or not _NIR.fullmatch(number):
        raise ValueError("no NIR")
    if len(number) == NIR_WITH_KEY and int(number[NIR_WITHOUT_KEY:]) != _key(number):
        raise KeyFaultError("the key does not fit")
    return number


def birthdate(text: str) -> str:
    """
    27/03/1985, 27 03 1985, 27-3-1985 or 27031985 -> 1985-03-27.

    Day, or day and month, may be 00: that is how an unknown one is written.
    """
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise ValueError("no date")
    day, month, year = (int(part) for part in found.groups() if part)
    date(year, month or 1, day or 1)
    if day and not month:
        raise ValueError("no date")
    return f"{year:04}-{month:02}-{day:02}"


def postal_code(text: str) -> str:
    """Five digits."""
    code = squeezed(text)
    if not (code.isascii() and code.isdecimal() and len(code) == 5):  # noqa: PLR2004 - five digits
        raise ValueError("no postal code")
    return code


def iban(text: str) -> str:
    """An IBAN whose country, length and check digits fit (ISO 13616)."""
    try:
        return str(IBAN(squeezed(text)))
    except SchwiftyException as fault:
        raise ValueError("no IBAN") from fault


def email(text: str) -> str:
    """An address as it was typed, without the spaces around it."""
    address = text.strip()
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as fault:
        raise ValueError("no address") from fault
    return address


def _key(number: str) -> int:
    department = number[5:7]
    digits = number[:NIR_WITHOUT_KEY].replace("A", "0").replace("B", "0")
    return _MODULUS - (int(digits) - _CORSICA.get(department, 0)) % _MODULUS
