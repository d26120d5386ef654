"""Phrases of the desk that are more than a word for a code: dates, names, what was asked."""

import re
from collections.abc import Mapping
from datetime import date

from anyascii import anyascii
from flask_babel import format_date
from flask_babel import gettext as _

from relying_party_demo.desk.words import ACTS, GENDERS, QUESTIONS, word
from relying_party_demo.pages.languages import language
from relying_party_demo.pages.moments import day

_ERROR_NUMBER = re.compile(r"B[0-9]{4}")
_ELIDED = re.compile(r"[aeiou]|y(?![aeiouy])|h(?!a)", re.IGNORECASE)
_HALF = 4
_TOLD = ("family_name", "given_names", "birthdate", "gender", "birthplace", "birthcountry")


def born(text: str) -> str:
    """`1985-03-27` -> `27 mars 1985`, `1985-03-00` -> `mars 1985`, `1985-00-00` -> `1985`."""
    year, _, rest = text.partition("-")
    month, _, number = rest.partition("-")
    try:
        if int(number):
            return day(date.fromisoformat(text))
        return str(format_date(date(int(year), int(month), 1), "MMMM y")) if int(month) else year
    except ValueError:
        return text


def of_whom(name: str) -> str:
    """`Claire` -> `de Claire`, `Emma` -> `d'Emma`; in English `of Emma`."""
    if language() != "fr":
        return f"of {name}"
    # Names in Ha- (Hassan, Hamza, Hans) are said with their H; Hélène, Hugo and Henri are not.
    return f"d'{name}" if _ELIDED.match(anyascii(name)) else f"de {name}"


def said(asked: Mapping[str, str]) -> str:
    """What was searched, in the order of the form; a number is not kept."""
    told = {name: asked[name] for name in _TOLD if asked.get(name)}
    if "birthdate" in told:
        told["birthdate"] = born(told["birthdate"])
    if "gender" in told:
        told["gender"] = word(GENDERS, told["gender"])
    return ", ".join(told.values())


def done(act: str) -> str:
    """`caller_verified:nir,birthdate` -> the act in words, with the questions that were asked."""
    code, _, asked = act.partition(":")
    if not asked:
        return word(ACTS, code)
    questions = ", ".join(word(QUESTIONS, one) for one in asked.split(","))
    return f"{word(ACTS, code)} ({questions})"


def unknown_number(typed: str) -> str:
    """Which number was not found, as it is printed."""
    number = number_form(typed)
    if is_error_number(number):
        said = _("No page has the error number %(number)s. Have it read again.", number=number)
    else:
        said = _("No case has the number %(number)s. Have it read again.", number=number)
    return str(said)


def number_form(text: str) -> str:
    """A number as it is printed, however it was typed: `7k4m 2qxp` -> `7K4M-2QXP`, `b0401`."""
    letters = "".join(c for c in text.upper() if c.isalnum())
    if is_error_number(letters):
        return error_number(letters)
    return "-".join(filter(None, (letters[:_HALF], letters[_HALF:])))


def is_error_number(text: str) -> bool:
    """Whether this is the number of a page, `B0401`, and not that of a case."""
    return _ERROR_NUMBER.fullmatch(error_number(text)) is not None


def error_number(text: str) -> str:
    """`b o4 01` -> `B0401`: over the telephone a zero is an O."""
    return "".join(c for c in text.upper() if c.isalnum()).replace("O", "0")
