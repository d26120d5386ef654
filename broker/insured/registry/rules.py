"""What each field of the file must be; a rule that is broken is a FieldError with its sentence."""

import re
from collections.abc import Sequence

from broker.cog.places import FRANCE, known
from broker.insured.matching.keys import place_key
from broker.insured.matching.nir import SHAPE, NirError, validated
from broker.insured.registry.fields import FieldError
from broker.insured.registry.namekeys import legible
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
from providers.identity import PartialDate

NIR = SHAPE.pattern
POSTAL_CODE = r"[0-9]{5}"
BIRTHDATE = (
    r"[12][0-9]{3}-"
    r"(?:(?:0[1-9]|1[0-2])-(?:0[0-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31|00-00)"
)
"""A date that exists in any year from 1000 to 2999; the others are looked at one by one."""

NUMBER = r"(?!0+\b)[0-9]{1,18}"
EMAIL = r"(?!.{255})[^@\s]++@[^@\s.]++\.[^@\s]++"
MOBILE = r"\+[1-9][0-9]{7,14}"

_NUMBER, _EMAIL, _MOBILE = (re.compile(pattern, re.ASCII) for pattern in (NUMBER, EMAIL, MOBILE))
_POSTAL_CODE = re.compile(r"[0-9]{5}", re.ASCII)
_BITS = {"0": 0, "1": 1}
_SEXES = {"M": 1, "F": 2}
_WITH_KEY = 15
_CODE = 5
_LONGEST_LABEL = 120


def number(text: str) -> int:
    """The insurer's number: 1 to 18 digits, not zero."""
    if not _NUMBER.fullmatch(text):
        raise FieldError("must be 1 to 18 digits and not zero")
    return int(text)


def optional_number(text: str) -> int | None:
    """A number, or nothing."""
    return number(text) if text else None


def nir(text: str) -> int:
    """A NIR, packed."""
    try:
        return packed_nir(validated(text))
    except NirError as fault:
        raise FieldError(f"is no NIR ({fault.fault})") from fault


def nirs(texts: Sequence[str]) -> list[int]:
    """The same for a block of texts that have the shape of NIR; ValueError for a wrong key."""
    packed = []
    for text in texts:
        if len(text) != _WITH_KEY or not text.isdigit():
            packed.append(packed_nir(validated(text)))
            continue
        value, key = divmod(int(text), 100)
        if (value + key) % 97 or not 0 < key <= 97:  # noqa: PLR2004 - the key of a NIR
            raise ValueError
        packed.append(value)
    return packed


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


def optional_date(text: str) -> int | None:
    """A complete date, packed, or nothing."""
    if text and text.endswith("-00"):
        raise FieldError("must be a complete date")
    return birthdate(text) if text else None


def place(text: str) -> int:
    """A birthplace and a birthcountry, one behind the other, packed."""
    birthplace, birthcountry = text[:-_CODE], text[-_CODE:]
    if not known(birthcountry) or not birthcountry.startswith("99"):
        raise FieldError("birthcountry is no COG code of a country")
    if birthcountry == FRANCE and not birthplace:
        raise FieldError("is missing for a birth in France")
    if birthcountry != FRANCE and birthplace:
        raise FieldError("must be empty for a birth abroad")
    if birthplace and (not known(birthplace) or birthplace.startswith("99")):
        raise FieldError("is no COG code of a commune")
    return packed_place(birthplace or birthcountry)


def key_of_place(text: str) -> int:
    """The key of the same, whether or not it may be stored."""
    return place_key(text[:-_CODE] or None, text[-_CODE:])


def flags(texts: tuple[str, str, str]) -> int:
    """The packed flags of presumed, deceased and rights_open."""
    presumed, deceased, rights_open = texts
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


def postal_code(text: str) -> int | None:
    """Five digits, as a number, or nothing."""
    if text and not _POSTAL_CODE.fullmatch(text):
        raise FieldError("must be five digits")
    return int(text) if text else None


def email(text: str) -> str | None:
    """An address of at most 254 characters, or nothing."""
    if text and not (text.isprintable() and _EMAIL.fullmatch(text)):
        raise FieldError("is no e-mail address")
    return text or None


def mobile(text: str) -> int | None:
    """An E.164 number, packed, or nothing."""
    if text and not _MOBILE.fullmatch(text):
        raise FieldError("must read + and 8 to 15 digits")
    return packed_mobile(text) if text else None
