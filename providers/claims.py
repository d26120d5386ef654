"""
From a provider's claims to the pivot identity: declared names, date order and words for the sexes.

Nothing is guessed or coerced: a trait of another type than text is refused by name.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from anyascii import anyascii
from pydantic import BaseModel, ConfigDict, Field

from providers.identity import Gender, MalformedTraitError, PartialDate, PivotIdentity
from providers.token_faults import TraitInvalid

MAX_GIVEN_NAMES = 100
_MAX_EMAIL = 254
_SEPARATORS = re.compile(r"[^A-Z0-9]+")
_EMAIL = re.compile(r"[^\s@<>\x00-\x20\x7f]{1,64}@[^\s@<>\x00-\x20\x7f]+\.[^\s@<>\x00-\x20\x7f]+")
_DATES = {
    "YYYY-MM-DD": re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    "DD/MM/YYYY": re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})"),
    "YYYYMMDD": re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
}


class ClaimsMapping(BaseModel):
    """
    `[providers.<id>.claims]`: under which name the provider sends each trait, and how written.

    `date_format` gives the order of the digits, 00 standing for what is unknown; `gender_values`
    the provider's words for the three values of the pivot.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    given_name: str = "given_name"
    given_name_array: str = "given_name_array"
    family_name: str = "family_name"
    birthdate: str = "birthdate"
    gender: str = "gender"
    birthplace: str = "birthplace"
    birthcountry: str = "birthcountry"
    preferred_username: str = "preferred_username"
    email: str = "email"
    date_format: Literal["YYYY-MM-DD", "DD/MM/YYYY", "YYYYMMDD"] = "YYYY-MM-DD"
    gender_values: Mapping[str, Gender] = Field(
        default_factory=lambda: {g.value: g for g in Gender}
    )


def pivot_identity(
    claims: Mapping[str, Any], mapping: ClaimsMapping, on: date = date.max
) -> PivotIdentity:
    """
    The identity in `claims`, stated on a day that no birth may come after.

    TraitInvalid names the first trait that is missing or malformed.
    """
    try:
        given_names, tokens_given = _given_names(claims, mapping)
        birthcountry = _needed(claims, mapping.birthcountry, "birthcountry")
        return PivotIdentity(
            family_name=_needed(claims, mapping.family_name, "family_name"),
            given_names=given_names,
            birthdate=_birthdate(claims, mapping, on),
            gender=_gender(claims, mapping),
            birthplace=_place(claims, mapping.birthplace),
            birthcountry=birthcountry,
            usage_name=_text(claims, mapping.preferred_username, "preferred_username"),
            email=_email(claims, mapping.email),
            tokens_given=tokens_given,
        )
    except MalformedTraitError as refused:
        raise TraitInvalid(refused.trait, refused.rule) from None


def _text(claims: Mapping[str, Any], name: str, trait: str) -> str | None:
    """The trimmed text of a claim; None when it is absent, null or blank."""
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise MalformedTraitError(trait, "must be a text")
    return value.strip() or None


def _needed(claims: Mapping[str, Any], name: str, trait: str) -> str:
    text = _text(claims, name, trait)
    if text is None:
        raise MalformedTraitError(trait, "is missing")
    return text


def _given_names(claims: Mapping[str, Any], mapping: ClaimsMapping) -> tuple[tuple[str, ...], bool]:
    """The first names, and whether the provider itself said where each one ends."""
    whole = _text(claims, mapping.given_name, "given_name")
    listed = claims.get(mapping.given_name_array)
    if listed is None or listed == []:
        if whole is None:
            raise MalformedTraitError("given_name", "is missing")
        return tuple(whole.split()), False
    tokens = tuple(_tokens(listed))
    if whole is not None and _comparable(whole) != _comparable(" ".join(tokens)):
        raise MalformedTraitError("given_name", "disagrees with given_name_array")
    return tokens, True


def _tokens(listed: object) -> Iterator[str]:
    if not isinstance(listed, list) or len(listed) > MAX_GIVEN_NAMES:
        raise MalformedTraitError("given_name_array", "must be a short list of texts")
    for token in listed:
        if not isinstance(token, str) or not token.strip():
            raise MalformedTraitError("given_name_array", "must hold nothing but texts")
        yield token


def _comparable(name: str) -> str:
    """Upper-case ASCII, one space for any separator, so that accents and hyphens do not differ."""
    return _SEPARATORS.sub(" ", anyascii(name).upper()).strip()


def _birthdate(claims: Mapping[str, Any], mapping: ClaimsMapping, on: date) -> PartialDate:
    text = _needed(claims, mapping.birthdate, "birthdate")
    read = _DATES[mapping.date_format].fullmatch(text)
    if not read:
        raise MalformedTraitError("birthdate", f"must read {mapping.date_format}")
    try:
        born = PartialDate.parse("{year}-{month}-{day}".format(**read.groupdict()))
    except ValueError as refused:
        raise MalformedTraitError("birthdate", str(refused)) from None
    if born.earliest() > on:
        raise MalformedTraitError("birthdate", "lies in the future")
    return born


def _gender(claims: Mapping[str, Any], mapping: ClaimsMapping) -> Gender:
    gender = mapping.gender_values.get(_needed(claims, mapping.gender, "gender"))
    if gender is None:
        known = ", ".join(sorted(mapping.gender_values))
        raise MalformedTraitError("gender", f"must be one of {known}")
    return gender


def _place(claims: Mapping[str, Any], name: str) -> str | None:
    """The COG code, None when absent or empty as real providers send it for a birth abroad."""
    text = _text(claims, name, "birthplace")
    return text.upper() if text else None


def _email(claims: Mapping[str, Any], name: str) -> str | None:
    """
    The address, or None when it is absent, malformed or said to be unverified.

    It is never a key of anything; a person is not refused for it, another is asked for later.
    """
    text = _text(claims, name, "email")
    if text is None or claims.get("email_verified") is False:
        return None
    return text if len(text) <= _MAX_EMAIL and _EMAIL.fullmatch(text) else None
