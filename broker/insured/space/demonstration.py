"""
The data of the demonstration, made for a person when they are first looked at, then day by day.

In production this is absent: rows arrive by `arrivals.py`. What was made is kept, so that a seed
that changes later rewrites nobody's past.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, select

from broker.database import exclusive, reading, upsert
from broker.insured.registry.packing import unpacked_date
from broker.insured.registry.tables import PERSON
from broker.insured.space.arrivals import cover, pay, receive_leaves
from broker.insured.space.fiction import Life
from broker.insured.space.household import household
from broker.insured.space.place import Space, Tenant
from broker.insured.space.tables import DELIVERY, PAYMENT

_MONTHS_BACK = timedelta(days=400)
_LOCK = 7_274_776 << 32  # beside the locks of other rooms, one for each person
_MOST_KNOWN = 10_000

_UNTIL = select(DELIVERY.c.until_on).where(DELIVERY.c.person_id == bindparam("person"))
_BORN = select(PERSON.c.birthdate).where(PERSON.c.person_id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Makes the days that are missing; remembers whom it served today, which is only a shortcut."""

    space: Space
    seed: int
    _served: dict[int, date] = field(default_factory=dict)

    def serve(self, tenant: Tenant) -> None:
        """Bring the data of a holder and of the children attached to them up to today."""
        today = self.space.today
        if self._served.get(tenant.person_id) == today:
            return
        with reading(self.space.engine) as connection:
            members = household(connection, tenant.person_id)
            late = [one.person_id for one in members if _until(connection, one.person_id) != today]
        for person_id in late:
            with self.space.engine.begin() as tx:
                exclusive(tx, _LOCK + person_id)
                self._deliver(tx, person_id, today)
        if len(self._served) >= _MOST_KNOWN:
            self._served.clear()
        self._served[tenant.person_id] = today

    def _deliver(self, tx: Connection, person_id: int, today: date) -> None:
        birthdate = tx.execute(_BORN, {"person": person_id}).scalar_one_or_none()
        if birthdate is None:
            return
        life = Life(self.seed, person_id, unpacked_date(birthdate).latest())
        until = _until(tx, person_id)
        if until is None:
            self._begin(tx, life, today)
        elif until < today:
            pay(tx, self.space, life.payments(until, today))
        if until is None or until < today:
            upsert(tx, DELIVERY, {"person_id": person_id, "until_on": today}, refresh="until_on")

    @staticmethod
    def _begin(tx: Connection, life: Life, today: date) -> None:
        """The year that was: nobody is told of it by mail."""
        for row in life.payments(today - _MONTHS_BACK, today):
            upsert(tx, PAYMENT, row)
        leave = life.leave(today)
        receive_leaves(tx, [leave] if leave else [])
        cover(tx, life.person_id, *life.cover())


def _until(connection: Connection, person_id: int) -> date | None:
    until: date | None = connection.execute(_UNTIL, {"person": person_id}).scalar_one_or_none()
    return until
