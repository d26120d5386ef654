"""
Values as a person reads them: dates in words, towns by name.

Everything is in the language of the request. The names of claims are those of the contract.
"""

import math
from datetime import date, datetime
from functools import lru_cache

from flask_babel import gettext

from broker.errors import Language
from broker.look.language import current_language
from broker.screens.screen import PARIS
from providers.identity import Gender, PartialDate

# Written out: for these words Babel would keep five megabytes of its languages in every node.
_MONTHS: dict[Language, str] = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_WEEKDAYS: dict[Language, str] = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
_MINUTE = 60


def _(sentence: str, **values: object) -> str:
    return str(gettext(sentence, **values))


def label_of(claim: str) -> str:
    """What a claim is called on a page; the claim itself when it has no name there."""
    return _labels(current_language()).get(claim, claim)


@lru_cache(maxsize=2)
def _labels(_language: Language) -> dict[str, str]:
    """Every label, looked up once in each language; the request is in that language."""
    return {
        "given_name": _("First names"),
        "given_name_array": _("First names, one by one"),
        "family_name": _("Birth name"),
        "preferred_username": _("Name used"),
        "birthdate": _("Date of birth"),
        "gender": _("Sex"),
        "birthplace": _("Place of birth"),
        "birthcountry": _("Country of birth"),
        "email": _("E-mail address"),
        "idp_id": _("Account used to log in"),
        "idp_birthdate": _("Date of birth as your account gives it"),
        "amr": _("How you identified yourself"),
        "account_id": _("Number of your account"),
        "account_status": _("State of your account"),
        "match": _("How your file was found"),
    }


def date_in_words(birth: PartialDate) -> str:
    """27 mars 1985; what is unknown is said to be."""
    if not birth.month:
        return _("%(year)s (day and month unknown)", year=birth.year)
    month = _month(birth.month)
    if not birth.day:
        return _("%(month)s %(year)s (day unknown)", month=month, year=birth.year)
    return f"{_day(birth.day)} {month} {birth.year}"


def day_in_words(day: date) -> str:
    """A day that is near, as in lundi 30 novembre."""
    weekday = _WEEKDAYS[current_language()].split()[day.weekday()]
    return f"{weekday} {_day(day.day)} {_month(day.month)}"


def gender_in_words(gender: Gender) -> str:
    """Féminin, masculin, or not stated."""
    if gender is Gender.FEMALE:
        return _("Female")
    return _("Male") if gender is Gender.MALE else _("Not stated")


def place_in_words(name: str | None, code: str) -> str:
    """A town or a country by name, with its official code; the code alone when it has no name."""
    return f"{name} ({code})" if name else code


def back_at(moment: float) -> str:
    """When a provider may be tried again: the next whole minute after `moment` (Unix seconds)."""
    minute = math.ceil(moment / _MINUTE) * _MINUTE
    hour = datetime.fromtimestamp(minute, PARIS).strftime("%H:%M")
    return _("Unavailable, expected back at %(hour)s", hour=hour)


def _day(day: int) -> str:
    return "1er" if day == 1 and current_language() == "fr" else str(day)


def _month(number: int) -> str:
    return _MONTHS[current_language()].split()[number - 1]
