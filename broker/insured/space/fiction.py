"""
Care, leaves and cover of people who do not exist: the same seed and person give the same life.

Tariffs and rates are near the public ones, doctors and insurers are invented. Pure: nothing here
reads a database or a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from broker.insured.space.days import years_after

DOCTORS = ("Dr Lenoir", "Dr Vasseur", "Dr Prigent", "Dr Amrani", "Dr Castagne", "Dr Oliveira")
INSURERS = ("Mutuelle Exemple", "Prévoyance Fictive", "Mutuelle des Iris", None)
LONGEST_WAIT = 12
"""Days between care and its payment, at most."""

_FROM, _UNTIL = 20, 62
"""The ages between which a person may be on sick leave."""

_ADULT = 18
"""Before this age nothing is kept from a payment (articles L160-13 and R160-19 of the code)."""

_LEAVE_CHANCE = 0.15
_WAITED = (4, 10)


class Act(NamedTuple):
    """One kind of care: who gives it, what it costs, what is paid; cents, and a percentage."""

    kind: str
    givers: tuple[str, ...]
    base: tuple[int, int]
    rate: int
    kept: int
    over: int


ACTS = (
    Act("consultation", DOCTORS, (3000, 3000), 70, 200, 0),
    Act("consultation", ("Dr Seguin", "Dr Maillard", "Dr N'Diaye"), (3150, 4700), 70, 200, 2500),
    Act("pharmacy", ("Pharmacie des Tilleuls", "Pharmacie du Port"), (640, 5400), 65, 100, 0),
    Act("pharmacy", ("Pharmacie des Tilleuls", "Pharmacie du Port"), (380, 2600), 30, 100, 0),
    Act("biology", ("Laboratoire du Parc",), (1350, 6200), 60, 200, 0),
    Act("imaging", ("Centre d'imagerie Bellevue",), (2500, 7400), 70, 200, 1200),
    Act("dental", ("Cabinet dentaire des Halles",), (2300, 8900), 60, 0, 1500),
    Act("optical", ("Optique de la Place",), (300, 1200), 60, 0, 16000),
    Act("nursing", ("Cabinet infirmier Saint-Roch",), (630, 1890), 60, 100, 0),
)
"""`kept` is the flat share left to a grown-up, `over` the most that is asked above the tariff."""

SITUATIONS = {1: "ongoing", 2: "ended", 46: "ended"}
"""Named persons whose leave is part of their story, by number."""


@dataclass(frozen=True, slots=True)
class Life:
    """One person of the demonstration, by the number of the registry and the day of birth."""

    seed: int
    person_id: int
    born: date

    def payments(self, after: date, until: date) -> Iterator[dict[str, Any]]:
        """What is paid after one day and up to another, in rows of PAYMENT."""
        month = (after - timedelta(days=LONGEST_WAIT)).replace(day=1)
        while month <= until:
            for row in self._month(month):
                if after < row["paid_on"] <= until:
                    yield row
            month = (month + timedelta(days=31)).replace(day=1)

    def cover(self) -> tuple[str | None, str]:
        """The complementary insurer, if any, and the doctor."""
        random = self._random("cover")
        return random.choice(INSURERS), random.choice(DOCTORS)

    def leave(self, today: date) -> dict[str, Any] | None:
        """A sick leave near `today`, in a row of LEAVE; most people have none."""
        random = self._random("leave")
        story = SITUATIONS.get(self.person_id)
        chance, age = random.random(), self._age(today)
        if story is None and not (_FROM <= age <= _UNTIL and chance < _LEAVE_CHANCE):
            return None
        days = random.randint(8, 45)
        ongoing = story == "ongoing" or (story is None and random.random() < _LEAVE_CHANCE)
        started = random.randint(20, 30) if ongoing else random.randint(60, 200)
        from_on = today - timedelta(days=started)
        until_on = from_on + timedelta(days=(started + days) if ongoing else days)
        return {
            "person_id": self.person_id,
            "reference": f"AT-{self.person_id}-1",
            "from_on": from_on,
            "until_on": until_on,
            "received_on": from_on + timedelta(days=1),
            "wages": 3 * random.randint(1900, 3800) * 100,
        }

    def _month(self, month: date) -> Iterator[dict[str, Any]]:
        random = self._random(f"{month:%Y-%m}")
        insurer, _doctor = self.cover()
        fewest, most = self._often(month)
        for number in range(random.randint(fewest, most)):
            care_on = month + timedelta(days=random.randrange(28))
            yield self._payment(random, care_on, f"{month:%Y%m}-{number + 1}", insurer)

    def _payment(
        self, random: Random, care_on: date, number: str, insurer: str | None
    ) -> dict[str, Any]:
        act = random.choice(ACTS)
        base = random.randrange(act.base[0], act.base[1] + 1, 10)
        over = random.randrange(0, act.over + 1, 500) if act.over else 0
        paid_on = care_on + timedelta(days=random.randint(*_WAITED))
        sent_on = paid_on + timedelta(days=random.randint(1, 3))
        kept = act.kept if self._age(care_on) >= _ADULT else 0
        return {
            "person_id": self.person_id,
            "reference": f"{self.person_id}-{number}",
            "kind": act.kind,
            "label": random.choice(act.givers),
            "care_on": care_on,
            "paid_on": paid_on,
            "spent": base + over,
            "base": base,
            "rate": act.rate,
            "paid": max(0, base * act.rate // 100 - kept),
            "insurer": insurer,
            "sent_on": sent_on if insurer else None,
        }

    def _often(self, month: date) -> tuple[int, int]:
        age = self._age(month)
        if age < 0:
            return (0, 0)
        return (1, 3) if age < _UNTIL else (3, 6)

    def _age(self, on: date) -> int:
        birthday = years_after(self.born, on.year - self.born.year)
        return on.year - self.born.year - (on < birthday)

    def _random(self, part: str) -> Random:
        return Random(f"{self.seed}:{self.person_id}:{part}")  # noqa: S311 - fiction needs no secret
