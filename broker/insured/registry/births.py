"""Draws births: names, dates, sexes and places of fictional persons."""

from array import array
from bisect import bisect
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from zlib import crc32

from broker.cog.table import communes
from broker.insured.registry.names import FIRST_NAMES, surname
from broker.insured.registry.numbering import head
from broker.insured.registry.origins import ORIGINS

HOSPITALS = (
    "75113 75114 31555 13205 69383 33063 59350 44109 34172 67482 35238 06088 75112 75119 13208 "
    "38185 76540 97411 37261 49007 21231 80021 54395 14118 63113 45234 51454 29019 42218 25056 57463 "
    "87085 68224 66136 30189 83137 84007 93066 94028 78646 95018 91228 77284 92012 59606 59183 62041 "
    "62498 10387 73065 74010 64445 64102 17300 86194 72181 56260 56121 22278 29232 44184 85191 16015 "
    "24322 82121 81004 34032 11069 26362 01053 71270 18033 41018 28085 27229 60057 02691 88160 90010 "
    "2A004 2B033 97209 97120 97302 75115 75116 75118 75120 13212 69384 69388 69381"
).split()
"""Communes where most births have been registered since 1970, the largest hospitals first."""

_HOSPITAL_YEAR, _EARLY_SHARE, _LATE_SHARE = 1970, 0.35, 0.85
_OLD_CORSICA, _OLD_SEINE, _OLD_CODES = 1976, 1968, 0.5
_SEINE = ("92", "93", "94")
_ERAS = (1955, 1985)
_ABROAD, _DOUBLE_NAME, _DOUBLE_NAME_YEAR = 0.147, 0.08, 2005
_FRENCH_NAME_ABROAD = 0.25
_DAYS_IN_YEAR = 365.25
_OLDEST = 100
_ORDERS = 999
_CELLS = 1 << 23


@dataclass(frozen=True, slots=True)
class Birth:
    """
    What a person is born with.

    `birthdate` reads YYYY-MM-DD with 00 for what is unknown; `place` is the commune, or the country
    (99xxx) for a birth abroad; `order` completes the NIR.
    """

    surname: str
    given_names: tuple[str, ...]
    sex: str
    birthdate: str
    place: str
    order: int
    presumed: bool = False

    @property
    def year(self) -> int:
        """The year of birth."""
        return int(self.birthdate[:4])


class Maternity:
    """Draws births for one population; `today` bounds the dates."""

    def __init__(self, random: Random, today: date) -> None:
        self._random = random
        self._today = today
        self._known = communes()
        self._communes = sorted(self._known)
        self._weights = list(accumulate(1 / (rank + 6) for rank in range(len(HOSPITALS))))
        self._origins = list(accumulate(origin.share for origin in ORIGINS))
        # The orders given so far, by a hash of sex, month and place: two cells that share a counter
        # only skip orders, and no NIR is given twice.
        self._orders = array("H", bytes(2 * _CELLS))

    def birth(self) -> Birth:
        """Somebody."""
        chance = self._random.random
        sex, day = "MF"[chance() < 0.51], self._day()
        if chance() < _ABROAD:
            return self._registered(self._abroad(sex, day))
        names = self.given_names(sex, day.year)
        return self._registered(
            Birth(self._surname(day.year), names, sex, str(day), self._commune(day.year), 0)
        )

    def twin(self, other: Birth) -> Birth:
        """Born with `other`, of the same sex two times out of three."""
        sex = other.sex if self._random.random() < 2 / 3 else "MF"[other.sex == "M"]
        names = self.given_names(sex, other.year)
        if names[0] == other.given_names[0]:
            names = (f"{names[0]}-{self.given_names(sex, other.year)[0]}", *names[1:])
        return self._registered(replace(other, given_names=names, sex=sex))

    def child(self, parent: Birth, *, named_alike: bool) -> Birth | None:
        """A child of `parent`, or None when it would not be born yet."""
        born = int(parent.birthdate[:4]) + 20 + int(self._random.random() * 18)
        day = date(born, 1, 1) + timedelta(days=int(self._random.random() * 365))
        if day > self._today:
            return None
        sex = parent.sex if named_alike else "MF"[self._random.random() < 0.5]
        names = parent.given_names if named_alike else self.given_names(sex, born)
        place = self._commune(born)
        return self._registered(Birth(parent.surname, names, sex, str(day), place, 0))

    def given_names(self, sex: str, year: int) -> tuple[str, ...]:
        """One to three first names of the time, the commonest far more often."""
        names = FIRST_NAMES[sex, bisect(_ERAS, year)]
        chance = self._random.random
        count = 1 + (chance() < 0.75) + (chance() < 0.5)
        drawn = [names[int(chance() ** 2.2 * len(names))] for _ in range(count)]
        return tuple(dict.fromkeys(drawn))

    def _day(self) -> date:
        # Equal yearly classes up to 65 years, then fewer and fewer.
        age = self._random.random() * _OLDEST
        if age > 65 and self._random.random() < (age - 65) / 35:
            age *= 0.6
        return self._today - timedelta(days=1 + int(age * _DAYS_IN_YEAR))

    def _surname(self, year: int) -> str:
        name = surname(self._random.random())
        if year >= _DOUBLE_NAME_YEAR and self._random.random() < _DOUBLE_NAME:
            return f"{name} {surname(self._random.random())}"
        return name

    def _commune(self, year: int) -> str:
        chance = self._random.random
        share = _LATE_SHARE if year >= _HOSPITAL_YEAR else _EARLY_SHARE
        if chance() < share:
            place = HOSPITALS[bisect(self._weights, chance() * self._weights[-1])]
        else:
            place = self._communes[int(chance() * len(self._communes))]
        return self._in_force(place, year)

    def _in_force(self, place: str, year: int) -> str:
        """The code that this commune had in that year, half the time: files keep either."""
        if self._random.random() < _OLD_CODES:
            return place
        if year < _OLD_CORSICA and place[:2] in ("2A", "2B"):
            old = f"20{place[2:]}"
        elif year < _OLD_SEINE and place[:2] in _SEINE:
            old = f"75{place[2:]}"
        else:
            return place
        return old if old in self._known else place

    def _abroad(self, sex: str, day: date) -> Birth:
        origin = ORIGINS[bisect(self._origins, self._random.random() * self._origins[-1])]
        country = self._one(origin.countries)
        names = origin.women if sex == "F" else origin.men
        family = self._one(origin.surnames)
        if self._random.random() < _FRENCH_NAME_ABROAD:
            family = surname(self._random.random())
        text, presumed = str(day), self._random.random() < origin.presumed
        if presumed:
            unknown = "-00-00" if self._random.random() < 0.75 else f"{text[4:7]}-00"
            text = text[:4] + unknown
        return Birth(family, (self._one(names),), sex, text, country, 0, presumed)

    def _one(self, choices: tuple[str, ...]) -> str:
        return choices[int(self._random.random() ** 1.5 * len(choices))]

    def _registered(self, birth: Birth) -> Birth:
        """The same, with the next order of its sex, month and place."""
        while True:
            cell = crc32(f"{birth.sex}{head(birth.birthdate, birth.place)}".encode()) % _CELLS
            if self._orders[cell] < _ORDERS:
                self._orders[cell] += 1
                return replace(birth, order=self._orders[cell])
            birth = replace(birth, place=self._commune(birth.year))
