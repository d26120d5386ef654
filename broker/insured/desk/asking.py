"""What an advisor asks: the text of a form, read as a search, and shown again in words."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from broker.cog.countries import COUNTRIES
from broker.cog.departments import department_name
from broker.cog.names import place_label
from broker.cog.table import is_commune, names
from broker.errors import DeskFieldError
from broker.insured.matching.normalise import k1
from broker.insured.registry.desk_search import Asked
from providers.identity import FRANCE, Gender, PartialDate

_MOST_NAMED = 6


def asked_of(said: Mapping[str, str]) -> Asked:
    """What a form says, as a search; DeskFieldError names what cannot be read."""
    place, country = said.get("birthplace", ""), _country(said.get("birthcountry", ""))
    return Asked(
        family_name=said.get("family_name") or None,
        given_names=tuple(said.get("given_names", "").replace(",", " ").split()),
        birthdate=_date(said.get("birthdate", "")),
        gender=_gender(said.get("gender", "")),
        birthplace=_commune(place) if place and country in ("", FRANCE) else None,
        birthcountry=country or (FRANCE if place else None),
    )


def asked_shown(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was searched, as it is read again: a commune or a country by its name."""
    place, country = asked.get("birthplace", "").strip().upper(), asked.get("birthcountry", "")
    named = {
        "birthplace": place_label(place, FRANCE) if is_commune(place) else None,
        "birthcountry": place_label(None, country),
    }
    return {**asked, **{name: said for name, said in named.items() if said}}


def _date(text: str) -> PartialDate | None:
    if not text:
        return None
    try:
        return PartialDate.parse(text)
    except ValueError as fault:
        raise DeskFieldError("malformed", parameter="birthdate") from fault


def _gender(text: str) -> Gender | None:
    try:
        return Gender(text) if text else None
    except ValueError as fault:
        raise DeskFieldError("malformed", parameter="gender") from fault


def _commune(text: str) -> str:
    """The code of a commune, given by its code or by its name."""
    compact = text.strip().upper()
    if is_commune(compact):
        return compact
    codes = _codes(k1(text))
    if len(codes) == 1:
        return codes[0]
    listed = ", ".join(map(_in_department, codes[:_MOST_NAMED]))
    raise DeskFieldError(f"several: {listed}" if codes else "unknown", parameter="birthplace")


def _in_department(code: str) -> str:
    """`93066 (Seine-Saint-Denis)`: what the caller can tell."""
    return f"{code} ({department_name(code)})"


@lru_cache(maxsize=1024)
def _codes(name: str) -> tuple[str, ...]:
    """The communes that are or were called so (k1), by code."""
    # Folding forty thousand names takes a tenth of a second: their initials first.
    alike = ((code, called) for code, called in names().items() if _folded(called[:1]) == name[:1])
    return tuple(sorted(code for code, called in alike if k1(called) == name))


@lru_cache(maxsize=256)
def _folded(letter: str) -> str:
    return k1(letter)[:1]


def _country(text: str) -> str:
    """The code of a country, given by its code or by its name in French or in English."""
    if not text or text in COUNTRIES or text == FRANCE:
        return text
    wanted = k1(text)
    for code, both in COUNTRIES.items():
        if wanted in map(k1, both):
            return code
    raise DeskFieldError("unknown", parameter="birthcountry")
