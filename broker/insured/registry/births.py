"""Draws births: names, dates, sexes, places and numbers of fictional persons."""

from array import array
from bisect import bisect
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple
from zlib import crc32

from broker.cog.table import communes
from broker.insured.registry.names import (
    FIRST_NAMES,
    HOSPITALS,
    NAME_SLOPES,
    ORIGINS,
    common,
    surname,
)
from broker.insured.registry.numbering import head

_BOYS = 0.51
_SECOND_NAME, _THIRD_NAME = 0.75, 0.5
_ERAS = (1955, 1985)
_DOUBLE_NAME, _DOUBLE_NAME_YEAR = 0.08, 2005
_ABROAD, _FRENCH_NAME_ABROAD, _PRESUMED_YEAR = 0.147, 0.25, 0.75
_HOSPITAL_YEAR, _EARLY_SHARE, _LATE_SHARE = 1970, 0.35, 0.85
_OLD_CORSICA, _OLD_SEINE, _OLD_CODES = 1976, 1968, 0.5
_SEINE = frozenset(("92", "93", "94"))
_OLDEST, _FEWER_AFTER, _YOUNGER = 100, 65, 0.6
_YOUNGEST_PARENT, _CHILDBEARING = 20, 18
_SAME_SEX_TWINS = 2 / 3
_DAYS_IN_YEAR = 365.25
_ORDERS = 999
_CELLS = 1 << 23


class Birth(NamedTuple):
    """
    What a person is born with.

    `birthdate` reads YYYY-MM-DD with 00 for what is unknown; `place` is the commune, or the country
    (99xxx) for a birth abroad; `number` the NIR without its key.
    """

    surname: str
    given_names: tuple[str, ...]
    sex: str
    birthdate: str
    place: str
    number: str
    presumed: bool = False


class Maternity:
    """Draws births for one population; `today` bounds the dates."""

    def __init__(self, random: Random, today: date) -> None:
        self._random = random
        self._chance = random.random
        self._today = today
        self._known = communes()
        self._communes = sorted(self._known)
        self._weights = list(accumulate(1 / (rank + 6) for rank in range(len(HOSPITALS))))
        self._origins = list(accumulate(origin.share for origin in ORIGINS))
        # The orders given so far, by a hash of sex, month and place: two cells that share a counter
        # only skip orders, and no number is given twice.
        self._orders = array("H", bytes(2 * _CELLS))

    def birth(self) -> Birth:
        """Somebody."""
        sex = "M" if self._chance() < _BOYS else "F"
        day = self._day()
        if self._chance() < _ABROAD:
            return self._abroad(sex, day)
        return self._at_home(self._surname(day.year), sex, day, self.given_names(sex, day.year))

    def twin(self, other: Birth) -> Birth:
        """Born with `other`, of the same sex two times out of three."""
        same = self._chance() < _SAME_SEX_TWINS
        sex = other.sex if same else ("F" if other.sex == "M" else "M")
        year = int(other.birthdate[:4])
        names = self._beside(other.given_names[0], sex, year)
        number, place = self._number(sex, other.birthdate, other.place)
        return other._replace(given_names=names, sex=sex, place=place, number=number)

    def child(self, parent: Birth, *, named_alike: bool) -> Birth | None:
        """A child of `parent`, or None when it would not be born yet."""
        year = int(parent.birthdate[:4]) + _YOUNGEST_PARENT + int(self._chance() * _CHILDBEARING)
        day = date(year, 1, 1) + timedelta(days=int(self._chance() * 365))
        if day > self._today:
            return None
        if named_alike:
            return self._at_home(parent.surname, parent.sex, day, parent.given_names)
        sex = "M" if self._chance() < _BOYS else "F"
        return self._at_home(parent.surname, sex, day, self.given_names(sex, year))

    def given_names(self, sex: str, year: int) -> tuple[str, ...]:
        """One to three first names of the time, the commonest far more often."""
        era, chance = bisect(_ERAS, year), self._chance
        names, slope = FIRST_NAMES[f"{sex}{era}"], NAME_SLOPES[era]
        count = len(names)
        drawn = [names[int(chance() ** slope * count)]]
        if chance() < _SECOND_NAME:
            drawn.append(names[int(chance() ** slope * count)])
            if chance() < _THIRD_NAME:
                drawn.append(names[int(chance() ** slope * count)])
        return tuple(dict.fromkeys(drawn))

    def _beside(self, first: str, sex: str, year: int) -> tuple[str, ...]:
        """
        First names beside a twin's `first`: where chance would have given the same one, a compound
        of it (JEAN, JEAN-PIERRE), which is what a matching confuses most easily.
        """
        names = self.given_names(sex, year)
        if names[0] != first:
            return names
        root = first.partition("-")[0]
        compound = first
        while compound in (first, f"{root}-{root}") or compound.count("-") > 1:
            compound = f"{root}-{self.given_names(sex, year)[0]}"
        return (compound, *names[1:])

    def _at_home(self, family: str, sex: str, day: date, names: tuple[str, ...]) -> Birth:
        born = day.isoformat()
        number, place = self._number(sex, born, self._commune(day.year))
        return Birth(family, names, sex, born, place, number)

    def _abroad(self, sex: str, day: date) -> Birth:
        origin = ORIGINS[bisect(self._origins, self._chance() * self._origins[-1])]
        names = origin.given_names(sex, self._chance)
        family = origin.surname(self._chance)
        if self._chance() < _FRENCH_NAME_ABROAD:
            family = surname(self._chance())
        born, presumed = day.isoformat(), self._chance() < origin.presumed
        if presumed:
            born = f"{born[:4]}-00-00" if self._chance() < _PRESUMED_YEAR else f"{born[:7]}-00"
        number, place = self._number(sex, born, common(origin.countries, self._chance))
        return Birth(family, names, sex, born, place, number, presumed)

    def _day(self) -> date:
        # Equal yearly classes up to 65 years, then fewer and fewer.
        age = self._chance() * _OLDEST
        if age > _FEWER_AFTER and self._chance() * (_OLDEST - _FEWER_AFTER) < age - _FEWER_AFTER:
            age *= _YOUNGER
        return self._today - timedelta(days=1 + int(age * _DAYS_IN_YEAR))

    def _surname(self, year: int) -> str:
        name = surname(self._chance())
        if year >= _DOUBLE_NAME_YEAR and self._chance() < _DOUBLE_NAME:
            return f"{name} {surname(self._chance())}"
        return name

    def _commune(self, year: int) -> str:
        """Where somebody is born in this year, under the code that the file happens to keep."""
        if self._chance() < (_LATE_SHARE if year >= _HOSPITAL_YEAR else _EARLY_SHARE):
            place = HOSPITALS[bisect(self._weights, self._chance() * self._weights[-1])]
        else:
            place = self._communes[int(self._chance() * len(self._communes))]
        if year >= _OLD_CORSICA or self._chance() < _OLD_CODES:
            return place
        department = place[:2]
        if department in {"2A", "2B"}:
            old = f"20{place[2:]}"
        elif year < _OLD_SEINE and department in _SEINE:
            old = f"75{place[2:]}"
        else:
            return place
        return old if old in self._known else place

    def _number(self, sex: str, born: str, place: str) -> tuple[str, str]:
        """The next number of this sex, month and place; another place when that is full."""
        while True:
            first = f"{1 if sex == 'M' else 2}{head(born, place)}"
            cell = crc32(first.encode()) % _CELLS
            order = self._orders[cell] + 1
            if order <= _ORDERS:
                self._orders[cell] = order
                return f"{first}{order:03d}", place
            place = (
                common(ORIGINS[0].countries, self._chance)
                if place[:2] == "99"
                else self._commune(1970)
            )
