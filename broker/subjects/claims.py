"""The claims a pivot identity can give, by their OpenID Connect names."""

from typing import Any

from providers.identity import PivotIdentity


def identity_claims(identity: PivotIdentity) -> dict[str, Any]:
    """Every claim this identity has a value for; absent traits are absent claims."""
    claims: dict[str, Any] = {
        "given_name": identity.given_name,
        "given_name_array": list(identity.given_names),
        "family_name": identity.family_name,
        "birthdate": str(identity.birthdate),
        "idp_birthdate": str(identity.birthdate),
        "gender": identity.gender.value,
        # A birth abroad has no place of birth in the official code: the claim is the empty text,
        # as services built for FranceConnect expect.
        "birthplace": identity.birthplace or "",
        "birthcountry": identity.birthcountry,
        "preferred_username": identity.usage_name,
        "email": identity.email,
    }
    return {name: value for name, value in claims.items() if value is not None}
