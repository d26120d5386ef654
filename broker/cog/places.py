"""
When two codes of a place of birth are one place.

A code here is a five-character commune code (`2A004`, `75112`) or a five-digit country code
(`99352`). Equivalence is upward only and NOT transitive: two communes that merged into a third
are not each other, an arrondissement is its city but not another arrondissement.
"""

import re
from functools import lru_cache

from broker.cog.countries import COUNTRIES
from broker.cog.table import is_commune, relations

FRANCE = "99100"
# Births before independence carry a department of that time (NIR rules): Algiers, Oran,
# Constantine and the Southern Territories; Morocco; Tunisia.
_BEFORE_INDEPENDENCE = {
    "91": "99352",
    "92": "99352",
    "93": "99352",
    "94": "99352",
    "95": "99350",
    "96": "99351",
}
_NUMBER = re.compile("[0-9]{5}")
_NOTHING: frozenset[str] = frozenset()


def known(code: str) -> bool:
    """Whether this commune, former commune, country or place before independence may be meant."""
    return is_commune(code) or code in COUNTRIES or country_before_independence(code) is not None


@lru_cache(maxsize=65536)
def country_before_independence(code: str) -> str | None:
    """
    The country (99352, 99350, 99351) of a code 91-96 that is no commune of France, else None.

    Codes 91xxx to 95xxx that exist in Essonne or the other new departments are those communes.
    """
    country = _BEFORE_INDEPENDENCE.get(code[:2]) if _NUMBER.fullmatch(code) else None
    return None if country is None or is_commune(code) else country


@lru_cache(maxsize=65536)
def place_class(code: str) -> str:
    """
    One name for all codes that could be confused with this one: a search key, never an equality.

    Two equivalent codes always share it; two codes that share it may be different places.
    """
    return relations().group.get(code) or country_before_independence(code) or code


def equivalent(code_a: str, code_b: str) -> bool:
    """Whether the codes are equal or name one place under a documented equivalence; symmetric."""
    if code_a == code_b:
        return True
    if country_before_independence(code_a) == code_b or (
        country_before_independence(code_b) == code_a
    ):
        return True
    above = relations().above
    return code_b in above.get(code_a, _NOTHING) or code_a in above.get(code_b, _NOTHING)
