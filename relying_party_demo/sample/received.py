"""What the sample service received, as a person reads it: names and values in words."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from relying_party_demo.pages.moments import day

_LABELS = {
    "family_name": _("Birth name"),
    "preferred_username": _("Usage name"),
    "given_name": _("First names"),
    "given_name_array": _("First names, one by one"),
    "birthdate": _("Date of birth"),
    "birthplace": _("Place of birth"),
    "birthcountry": _("Country of birth"),
    "gender": _("Sex"),
    "email": _("E-mail"),
    "email_verified": _("E-mail checked before it was sent"),
    "idp_id": _("Account you logged in with"),
    "idp_birthdate": _("Date of birth, as that account gives it"),
    "amr": _("How you logged in there"),
    "acr": _("How closely your identity was checked"),
    "account_id": _("Number of your account"),
    "account_status": _("State of your account"),
    "match": _("How your file was found"),
    "sub": _("Your number with us"),
}
_OTHER = _("Other information")
_WORDS = {
    "true": _("yes"),
    "false": _("no"),
    "null": _("not given"),
    "gender:female": _("Female"),
    "gender:male": _("Male"),
    "gender:unspecified": _("not stated"),
}


class Line(NamedTuple):
    """One claim: its name in the protocol, its name for people, its value for people."""

    claim: str
    label: LazyString
    value: str


def lines(claims: Mapping[str, Any]) -> list[Line]:
    """Every claim received and no other: who the person is first, numbers last."""
    order = [name for name in _LABELS if name in claims]
    order += [name for name in claims if name not in _LABELS]
    return [Line(name, _LABELS.get(name, _OTHER), _read(name, claims[name])) for name in order]


def _read(name: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if name == "birthdate":
        return _birth(text)
    word = _WORDS.get(text if not isinstance(value, str) else f"{name}:{text}")
    return text if word is None else str(word)


def _birth(text: str) -> str:
    """A whole date in words; one whose day or month is unknown as it came."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
