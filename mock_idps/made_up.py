"""A made-up identity: every trait as typed on the page, well formed or not."""

from collections.abc import Mapping

from mock_idps.issuer import Issuer
from mock_idps.personas import TraitValue
from mock_idps.records import SignedIn

FIELDS: dict[str, str] = {
    "family_name": "TESTARD",
    "given_name": "Camille Rose",
    "given_name_array": "Camille, Rose",
    "birthdate": "1990-01-31",
    "gender": "female",
    "birthplace": "75056",
    "birthcountry": "99100",
    "preferred_username": "",
    "email": "camille@courriel.exemple.fr",
}
"""The traits of the form with what stands in them at first; an emptied field is not sent."""


def made_up(issuer: Issuer, form: Mapping[str, str]) -> SignedIn:
    """The person typed in; the same traits are the same subject at every visit."""
    typed = {name: form.get(f"custom-{name}", "").strip() for name in FIELDS}
    traits = {name: _value(name, text) for name, text in typed.items() if text}
    return SignedIn(
        subject=issuer.subject("|".join(["", *typed.values()])),
        traits=traits,
        auth_time=issuer.now,
        level=form.get("custom-acr", ""),
    )


def _value(name: str, text: str) -> TraitValue:
    if name != "given_name_array":
        return text
    return [token.strip() for token in text.split(",") if token.strip()]
