"""
Who does what at the portal without any provider: one person of the registry for every outcome.

What each of them shows is said in the template, in both languages, under the name of the outcome.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from broker.insured.demonstration import DEMONSTRATION_PASSWORD
from broker.insured.registry.demonstration import personas

NEWCOMER = "hugo"
"""Whom no provider knows, so that his account begins with the form."""


@dataclass(frozen=True, slots=True)
class Role:
    """A person, the outcome they show, and what they type instead of what stands in their file."""

    key: str
    outcome: str
    instead: Mapping[str, str] = field(default_factory=dict)


AT_THE_FORM = (
    Role(NEWCOMER, "created"),
    Role("emma", "iban_pending"),
    Role("paul", "iban_unknown", {"iban": "FR76 9999 9000 3600 0000 0000 172"}),
    Role("thomas", "email_used", {"email": "famille.lambert@courriel.exemple.fr"}),
    Role("nathalie", "not_matching", {"birth_name": "PETIT"}),
    Role("marc", "account_exists"),
    Role("leo", "under_16"),
    Role("eve", "under_16_tomorrow"),
    Role("alix", "sixteen_today"),
    Role("henri", "deceased"),
    Role("gerard", "no_rights"),
    Role("solene", "other_scheme"),
    Role("oksana", "temporary_number"),
)
"""The classic creation, from the account that is opened to the last refusal."""

WITH_NUMBER = (
    Role("marc", "signed_in"),
    Role("bruno", "locked"),
    Role("sophie", "no_password"),
    Role("laurence", "deactivated"),
    Role("michel", "no_account"),
)
"""Signing in with a number, and the forgotten password."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person types, as it is typed; `fields` by their names in the forms of the portal."""

    role: Role
    name: str
    fields: Mapping[str, str] = field(repr=False)


def sheets(roles: tuple[Role, ...], today: date) -> list[Sheet]:
    """The sheets of these roles; `today` is the day for which the registry was built."""
    people = {persona.key: persona.line for persona in personas(today)}
    found = []
    for role in roles:
        line = people[role.key]
        year, month, day = line.birthdate.split("-")
        fields = {
            "birth_name": line.family_name,
            "nir": spaced_nir(line.nir),
            "birthdate": f"{day}/{month}/{year}",
            "postal_code": line.postal_code,
            "iban": spaced_iban(line.iban),
            "email": line.email,
            "password": DEMONSTRATION_PASSWORD,
        }
        first = line.given_names.split("|")[0]
        found.append(Sheet(role, f"{first} {line.family_name}", {**fields, **role.instead}))
    return found


def only(sheet: Sheet, *names: str) -> Sheet:
    """The sheet with these fields alone."""
    return replace(sheet, fields={name: sheet.fields[name] for name in names})


def spaced_nir(nir: str) -> str:
    """285036938390156 -> 2 85 03 69 383 901 56, as on a card."""
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return " ".join(nir[start:end] for start, end in pairwise(cuts))


def spaced_iban(iban: str) -> str:
    """Groups of four, as on a RIB."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
