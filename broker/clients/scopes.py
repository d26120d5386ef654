"""Scopes and the claims each one opens."""

from collections.abc import Iterable

_PIVOT = (
    "given_name",
    "given_name_array",
    "family_name",
    "birthdate",
    "gender",
    "birthplace",
    "birthcountry",
)

SCOPES: dict[str, tuple[str, ...]] = {
    "openid": (),
    "profile": (
        "given_name",
        "given_name_array",
        "family_name",
        "birthdate",
        "gender",
        "preferred_username",
    ),
    "birth": ("birthplace", "birthcountry"),
    "identite_pivot": _PIVOT,
    "given_name": ("given_name", "given_name_array"),
    "family_name": ("family_name",),
    "gender": ("gender",),
    "birthdate": ("birthdate",),
    "birthplace": ("birthplace",),
    "birthcountry": ("birthcountry",),
    "preferred_username": ("preferred_username",),
    "email": ("email",),
    "idp_id": ("idp_id",),
    "idp_birthdate": ("idp_birthdate",),
    "amr": ("amr",),
    "account": ("account_id", "account_status", "match"),
}

# Facts about the login itself; the rest are facts about the person, shown before they leave.
TECHNICAL_CLAIMS = frozenset(
    {"idp_id", "amr", "account_id", "account_status", "match", "given_name_array"}
)


def claims_of(scopes: Iterable[str], more: Iterable[str] = ()) -> tuple[str, ...]:
    """The claims these scopes open, and `more`, each once, in the order people read them."""
    opened = {claim for scope in scopes for claim in SCOPES.get(scope, ())} | set(more)
    order = ("family_name", "preferred_username", *_PIVOT, "email")
    ranked = {claim: rank for rank, claim in reversed(list(enumerate(order)))}
    return tuple(sorted(opened, key=lambda claim: (ranked.get(claim, len(order)), claim)))
