"""Scopes and the claims each one opens: what a service may ask for."""

PIVOT = (
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
    "identite_pivot": PIVOT,
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

CLAIMS = frozenset(claim for opened in SCOPES.values() for claim in opened)
"""Every claim that some scope opens."""
