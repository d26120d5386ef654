"""
Generates fictional insured persons, as many as asked, in constant memory; the same seed and day
give the same persons.

Calibrated on published figures: 13 % born abroad, of whom 8 % with a presumed date; 3.4 % twins;
2 % children bearing the whole name of a parent; 1 % deceased; 0.5 % temporary numbers.
"""

from collections import deque
from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random

from broker.insured.registry.births import Birth, Maternity
from broker.insured.registry.columns import Line
from broker.insured.registry.lives import Lives
from broker.insured.registry.packing import BAR

FIRST_NUMBER = 1000
"""The numbers below belong to the named persons of the demonstration."""

_TWINS, _CHILDREN, _NAMED_ALIKE = 0.017, 0.12, 0.02
_REMEMBERED_ADULTS = 500
_ADULT, _MINOR = 20, 16


def persons(count: int, seed: int, today: date) -> Iterator[Line]:
    """
    So many persons, numbered from FIRST_NUMBER in the order of the file.

    `today` bounds the dates of birth and says who is a minor.
    """
    return islice(_Population(seed, today).lines(), count)


class _Population:
    """Draws persons one after the other; some become parents of later ones."""

    def __init__(self, seed: int, today: date) -> None:
        self._random = Random(seed)  # noqa: S311 - fictional persons need no secret
        self._maternity = Maternity(self._random, today)
        self._lives = Lives(self._random)
        self._today = today
        self._adults: deque[tuple[Birth, int]] = deque(maxlen=_REMEMBERED_ADULTS)
        self._number = FIRST_NUMBER - 1

    def lines(self) -> Iterator[Line]:
        """Persons without end."""
        while True:
            birth, parent = self._birth()
            yield self._line(birth, parent)
            if self._random.random() < _TWINS:
                yield self._line(self._maternity.twin(birth), parent)

    def _birth(self) -> tuple[Birth, int | None]:
        chance = self._random.random()
        if chance < _CHILDREN and self._adults:
            parent, number = self._adults[int(self._random.random() * len(self._adults))]
            child = self._maternity.child(parent, named_alike=chance < _NAMED_ALIKE)
            if child:
                return child, number
        return self._maternity.birth(), None

    def _line(self, birth: Birth, parent: int | None) -> Line:
        self._number += 1
        age = self._today.year - int(birth.birthdate[:4])
        if age > _ADULT:
            self._adults.append((birth, self._number))
        abroad = birth.place[:2] == "99"
        return Line(
            number=str(self._number),
            family_name=birth.surname,
            given_names=BAR.join(birth.given_names),
            sex=birth.sex,
            birthdate=birth.birthdate,
            birthplace="" if abroad else birth.place,
            birthcountry=birth.place if abroad else "99100",
            presumed="1" if birth.presumed else "0",
            parent=str(parent) if parent and age < _MINOR else "",
            **self._lives.facts(birth, self._number, age),
        )
