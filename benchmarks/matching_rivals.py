"""
Two matchers to stand beside: plain equality of raw strings, and a fuzzy threshold.

Both see the candidates of the advisor's search, which is generous to them. Neither is a straw
man: equality is what a first version does, a weighted similarity with a threshold what most
record-linkage libraries offer.
"""

from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from broker.insured.matching.records import RegistryRecord
from providers.identity import PivotIdentity

THRESHOLDS = (0.85, 0.90, 0.95)
_WEIGHTS = (0.30, 0.25, 0.25, 0.05, 0.15)


def equality(identity: PivotIdentity, records: Iterable[RegistryRecord]) -> int | None:
    """The only record whose raw strings are all the same, if there is exactly one."""
    sent = _strings(identity)
    same = {record.person_id for record in records if _strings(record) == sent}
    return same.pop() if len(same) == 1 else None


def _strings(person: PivotIdentity | RegistryRecord) -> tuple[str | None, ...]:
    return (
        person.family_name,
        " ".join(person.given_names),
        str(person.birthdate),
        str(person.gender),
        person.birthplace,
        person.birthcountry,
    )


def fuzzy(identity: PivotIdentity, records: Iterable[RegistryRecord]) -> tuple[float, int | None]:
    """The most similar record and its weighted similarity between 0 and 1."""
    scored = ((_similarity(identity, record), record.person_id) for record in records)
    return max(scored, default=(0.0, None))


def _similarity(identity: PivotIdentity, record: RegistryRecord) -> float:
    parts = (
        JaroWinkler.normalized_similarity(_plain(identity.family_name), _plain(record.family_name)),
        token_sort_ratio(_given(identity), _given(record)) / 100,
        JaroWinkler.normalized_similarity(str(identity.birthdate), str(record.birthdate)),
        float(identity.gender is record.gender),
        JaroWinkler.normalized_similarity(
            identity.birthplace or identity.birthcountry, record.birthplace or record.birthcountry
        ),
    )
    return sum(weight * part for weight, part in zip(_WEIGHTS, parts, strict=True))


def _given(person: PivotIdentity | RegistryRecord) -> str:
    return _plain(" ".join(person.given_names))


@lru_cache(maxsize=1 << 17)
def _plain(name: str) -> str:
    return anyascii(name).upper().replace("-", " ")
