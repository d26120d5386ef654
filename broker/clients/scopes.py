"""The claims that scopes open, in the order people read them."""

from collections.abc import Iterable
from functools import lru_cache

from broker.settings.scopes import CLAIMS, PIVOT, SCOPES

# Facts about the login itself; the rest are facts about the person, shown before they leave.
TECHNICAL_CLAIMS = frozenset(
    {"idp_id", "amr", "account_id", "account_status", "match", "given_name_array"}
)


def claims_of(scopes: Iterable[str], more: Iterable[str] = ()) -> tuple[str, ...]:
    """The claims these scopes open, and `more`, each once, in the order people read them."""
    return _in_order(frozenset(more).union(*(SCOPES.get(scope, ()) for scope in scopes)))


@lru_cache(maxsize=1024)
def closed_claims(scopes: tuple[str, ...]) -> frozenset[str]:
    """The claims that none of these scopes opens."""
    return CLAIMS.difference(*(SCOPES.get(scope, ()) for scope in scopes))


@lru_cache(maxsize=1024)
def _in_order(opened: frozenset[str]) -> tuple[str, ...]:
    order = ("family_name", "preferred_username", *PIVOT, "email")
    ranked = {claim: rank for rank, claim in reversed(list(enumerate(order)))}
    return tuple(sorted(opened, key=lambda claim: (ranked.get(claim, len(order)), claim)))
