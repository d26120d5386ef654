"""What each field of the file must be; a rule that is broken is a FieldError with its sentence."""

import re

from broker.cog.countries import COUNTRIES
from broker.cog.places import FRANCE, known
from broker.cog.table import communes
from broker.insured.matching.keys import place_key
from broker.insured.matching.nir import NirError, validated
from broker.insured.registry.fields import FieldError
from broker.insured.registry.legible import legible
from broker.insured.registry.packing import (
    BAR,
    DECEASED,
    PRESUMED,
    RIGHTS_OPEN,
    SCHEMES,
    packed_date,
    packed_mobile,
    packed_nir,
    packed_place,
)
from broker.insured.registry.rows import NO_NUMBER
from providers.identity import PartialDate

_NUMBER, _MOBILE, _POSTAL_CODE = (
    re.compile(pattern, re.ASCII)
    for pattern in (r"(?!0+\b)[0-9]{1,18}", r"\+[1-9][0-9]{7,14}", r"[0-9]{5}")
)
_EMAIL = re.compile(r"(?!.{255})[^@\s]++@[^@\s.]++\.[^@\s]++", re.ASCII)
_BITS = {"0": 0, "1": 1}
_SEXES = {"M": 1, "F": 2}
_LONGEST_LABEL = 120


def number(text: str) -> int:
    """The insurer's number: 1 to 18 digits, not zero."""
    if not _NUMBER.fullmatch(text):
        raise FieldError("must be 1 to 18 digits and not zero")
    return int(text)


def optional_number(text: str) -> int:
    """A number, or nothing."""
    return number(text) if text else NO_NUMBER


def nir(text: str) -> int:
    """A NIR, packed."""
    try:
        return packed_nir(validated(text))
    except NirError as fault:
        raise FieldError(f"is no NIR ({fault.fault})") from fault


def former(nirs_before: str, names_before: str) -> tuple[tuple[str, str], ...]:
    """Earlier NIRs and birth names, as (kind, value) pairs."""
    pairs = []
    for text in filter(None, nirs_before.split(BAR)):
        nir(text)
        pairs.append(("nir", validated(text)))
    for text in filter(None, names_before.split(BAR)):
        legible(text)
        pairs.append(("family_name", text))
    return tuple(pairs)


def sex(text: str) -> int:
    """M or F."""
    if text not in _SEXES:
        raise FieldError("must be M or F")
    return _SEXES[text]


def birthdate(text: str) -> int:
    """A date of birth, packed."""
    try:
        return packed_date(PartialDate.parse(text))
    except ValueError as fault:
        raise FieldError(str(fault)) from fault


def optional_date(text: str) -> int:
    """A complete date, packed, or nothing."""
    if text and text.endswith("-00"):
        raise FieldError("must be a complete date")
    return birthdate(text) if text else NO_NUMBER


def place(birthplace: str, birthcountry: str) -> tuple[int, int]:
    """A birthplace and a birthcountry: packed, and the key of the place."""
    if birthcountry not in COUNTRIES:
        raise FieldError("birthcountry is no COG code of a country")
    if birthcountry == FRANCE and not birthplace:
        raise FieldError("is missing for a birth in France")
    if birthcountry != FRANCE and birthplace:
        raise FieldError("must be empty for a birth abroad")
    if birthplace and not _commune(birthplace):
        raise FieldError("is no COG code of a commune")
    packed = packed_place(birthplace or birthcountry)
    return packed, place_key(birthplace or None, birthcountry)


def _commune(code: str) -> bool:
    # All codes in memory: the table answers one by one in a tenth of it, and ten times slower.
    return (code in communes() or known(code)) and not code.startswith("99")


def flags(presumed: str, deceased: str, rights_open: str) -> int:
    """The packed flags."""
    try:
        return (
            PRESUMED * _BITS[presumed or "0"]
            + DECEASED * _BITS[deceased or "0"]
            + RIGHTS_OPEN * _BITS[rights_open or "1"]
        )
    except KeyError as fault:
        raise FieldError("presumed, deceased and rights_open must be 0 or 1") from fault


def scheme(text: str) -> int:
    """The number of a scheme."""
    if text and text not in SCHEMES:
        raise FieldError("is no known scheme")
    return SCHEMES.index(text) if text else 0


def label(text: str) -> str:
    """A short text people read."""
    if len(text) > _LONGEST_LABEL or not text.isprintable():
        raise FieldError(f"must be printable and at most {_LONGEST_LABEL} characters")
    return text


def postal_code(text: str) -> int:
    """Five digits, as a number, or nothing."""
    if text and not _POSTAL_CODE.fullmatch(text):
        raise FieldError("must be five digits")
    return int(text) if text else NO_NUMBER


def email(text: str) -> str:
    """An address of at most 254 characters, or nothing."""
    if text and not (text.isprintable() and _EMAIL.fullmatch(text)):
        raise FieldError("is no e-mail address")
    return text


def mobile(text: str) -> int:
    """An E.164 number, packed, or nothing."""
    if text and not _MOBILE.fullmatch(text):
        raise FieldError("must read + and 8 to 15 digits")
    return packed_mobile(text) if text else NO_NUMBER
