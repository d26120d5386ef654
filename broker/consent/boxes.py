"""
Which claims a person may keep back, and what an answer lets go.

Only a claim with a box of its own can be declined: one that the page shows with a value, and that
the service can do without.
"""

from collections.abc import Collection
from dataclasses import dataclass

from broker.clients.client import Client
from broker.clients.scopes import TECHNICAL_CLAIMS, claims_of
from broker.login.attempt import Attempt
from providers.identity import PivotIdentity

# Two forms of one piece of information, told in one line.
_NAMES, _NAMES_ONE_BY_ONE = "given_name", "given_name_array"


@dataclass(frozen=True, slots=True)
class Answer:
    """The claims a person `kept` back, and those `untold` because there was no value to show."""

    kept: frozenset[str]
    untold: frozenset[str]


def wanted_claims(attempt: Attempt) -> tuple[str, ...]:
    """Every claim this login would send."""
    return claims_of(attempt.request.scopes, attempt.request.claims)


def optional_claims(attempt: Attempt, client: Client) -> frozenset[str]:
    """
    The claims the person may keep: voluntary ones, and those the service registered so.

    First names are essential in one form when they are in the other.
    """
    asked = attempt.request
    optional = frozenset(client.settings.optional_claims).union(asked.voluntary)
    if _NAMES_ONE_BY_ONE in asked.claims and _NAMES_ONE_BY_ONE not in optional:
        return optional - {_NAMES}
    return optional


def has_line(claim: str, wanted: Collection[str]) -> bool:
    """
    Whether the page tells this claim, where there is a value.

    Facts about the login are not told, nor are first names a second time.
    """
    if claim == _NAMES_ONE_BY_ONE:
        return _NAMES not in wanted
    return claim not in TECHNICAL_CLAIMS


def without_value(identity: PivotIdentity) -> frozenset[str]:
    """The claims that this identity cannot give."""
    traits = {
        "preferred_username": identity.usage_name,
        "email": identity.email,
        "birthplace": identity.birthplace,
    }
    return frozenset(claim for claim, value in traits.items() if not value)


def let_go(wanted: Collection[str], kept: Collection[str]) -> tuple[str, ...]:
    """The claims that are sent when those `kept` are not; first names go in both forms or none."""
    held = {*kept, _NAMES_ONE_BY_ONE} if _NAMES in kept else kept
    return tuple(claim for claim in wanted if claim not in held)
