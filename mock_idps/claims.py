"""
Claims: how traits are named and written when they leave, in the standard way or in the old one.

Old claims are those of providers that predate the pivot identity: French names, dates as
DD/MM/YYYY (00 for what is unknown), sex as M or F (I when undetermined), no array of first names.
"""

import re
from collections.abc import Mapping
from typing import Any

_SCOPES = {
    "profile": (
        "given_name",
        "given_name_array",
        "family_name",
        "birthdate",
        "gender",
        "preferred_username",
    ),
    "birth": ("birthplace", "birthcountry"),
    "email": ("email",),
}
_OLD_NAMES = {
    "sub": "sub",
    "family_name": "nom_naissance",
    "given_name": "prenoms",
    "birthdate": "date_naissance",
    "gender": "sexe",
    "birthplace": "lieu_naissance_cog",
    "birthcountry": "pays_naissance_cog",
    "preferred_username": "nom_usage",
    "email": "email",
}
_OLD_GENDERS = {"male": "M", "female": "F", "unspecified": "I"}
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def shared_traits(traits: Mapping[str, Any], scopes: tuple[str, ...]) -> dict[str, Any]:
    """The traits these scopes open, under their standard names."""
    opened = [trait for scope in scopes for trait in _SCOPES.get(scope, ())]
    return {trait: traits[trait] for trait in opened if trait in traits}


def in_old_names(traits: Mapping[str, Any]) -> dict[str, Any]:
    """The same traits in the old dialect; what cannot be read as a date or a sex goes as it is."""
    return {
        old: _old_value(name, traits[name]) for name, old in _OLD_NAMES.items() if name in traits
    }


def _old_value(name: str, value: Any) -> Any:
    if name == "gender":
        return _OLD_GENDERS.get(str(value), value)
    date = _ISO_DATE.fullmatch(value) if name == "birthdate" and isinstance(value, str) else None
    return f"{date[3]}/{date[2]}/{date[1]}" if date else value
