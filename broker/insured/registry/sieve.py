"""
Tells cheaply how far a row of the registry is from what was asked.

An advisor's search for a frequent name reads thousands of rows, and comparing each as a login does
would take a fraction of a second. Here a row costs some edits counted on its columns; only the
nearest are compared in earnest. A trait that the rules call equivalent never counts as far.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from rapidfuzz.distance import OSA

from broker.insured.matching.keys import first_names, query_keys
from broker.insured.matching.normalise import k1
from broker.insured.matching.traits import Trait
from broker.insured.registry.lookup import COLUMNS
from broker.insured.registry.packing import BAR, gender
from broker.insured.registry.tables import PERSON
from providers.identity import PivotIdentity

SIFTED = (*COLUMNS, PERSON.c.place_key)
"""What is read of each row: what matching compares, and the key of the place."""

KEPT = 60
"""Rows compared in earnest; five are shown."""

_CEILING = 5
_FORMER_OR_USAGE_NAME, _OTHER_SEX, _OTHER_PLACE = 1, 2, 3


class _Measure(dict[Any, int]):
    """The distance of each value of a column, worked out when it is first met."""

    def __init__(self, measure: Callable[[Any], int]) -> None:
        super().__init__()
        self._measure = measure

    def __missing__(self, value: Any) -> int:
        distance = self[value] = self._measure(value)
        return distance


class Sieve:
    """Measures rows of SIFTED against one identity, by the traits that are known."""

    def __init__(self, identity: PivotIdentity, known: Collection[Trait]) -> None:
        keys, sex = query_keys(identity), identity.gender
        names = [k1(name) for name in first_names(identity)]
        dates = [f"{date:08d}" for date in keys.birthdates]
        self._family = family = k1(identity.family_name)
        measures: dict[Trait, Callable[[Any], int]] = {
            Trait.FAMILY_NAME: lambda name: _edits([family], k1(name)),
            Trait.GIVEN_NAMES: lambda given: _edits(names, k1(given.partition(BAR)[0])),
            Trait.BIRTHDATE: lambda date: _edits(dates, f"{date:08d}"),
            Trait.GENDER: lambda kept: 0 if gender(kept) is sex else _OTHER_SEX,
            Trait.BIRTHPLACE: lambda place: 0 if place == keys.place else _OTHER_PLACE,
        }
        self._measures = [
            _Measure(measure if trait in known else lambda _: 0)
            for trait, measure in measures.items()
        ]

    def nearest(self, rows: Iterable[Sequence[Any]], bearers: Collection[int]) -> list[Any]:
        """The KEPT nearest rows; `bearers` once had the birth name that was asked."""
        families, given_names, dates, sexes, places = self._measures
        measured = []
        for row in rows:
            number, family, given, usage, date, sex = row[:6]
            distance = families[family]
            if distance and (number in bearers or (usage and k1(usage) == self._family)):
                distance = _FORMER_OR_USAGE_NAME
            distance += given_names[given] + dates[date] + sexes[sex] + places[row[-1]]
            measured.append((distance, number, row))
        measured.sort(key=lambda one: one[:2])
        return [row for _, _, row in measured[:KEPT]]


def _edits(ways: Sequence[str], kept: str) -> int:
    """Nothing for one of these ways, else one and the edits to the nearest, to a ceiling."""
    if kept in ways:
        return 0
    return 1 + min(*(OSA.distance(way, kept) for way in ways), _CEILING)
