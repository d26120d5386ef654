"""
Two ways to the same candidates: the registry's own look-up, and the contract kept in memory.

The one in memory serves sizes at which the database would only add time; a test proves that both
give the same decisions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from random import Random
from typing import Protocol

from sqlalchemy import Connection, create_engine, select

from broker.database import bind_options, prepare_engine, reading
from broker.insured.matching.keys import DESK_CAP, NEAR_MISS_CAP, query_keys, record_keys
from broker.insured.matching.records import RegistryRecord
from broker.insured.registry import lookup
from broker.insured.registry.generate import FIRST_NUMBER
from broker.insured.registry.store import about, open_registry, require_layout
from providers.identity import PivotIdentity

Rows = list[RegistryRecord]


class Index(Protocol):
    """Where candidates come from; `persons` is how many it holds."""

    persons: int

    def candidates(self, identity: PivotIdentity) -> Rows:
        """What a login looks up."""

    def desk(self, identity: PivotIdentity) -> Rows:
        """What the advisor's search looks up besides."""


class InMemory:
    """The look-ups of `keys.py` on dictionaries."""

    def __init__(self, records: Iterable[RegistryRecord]) -> None:
        self._surname_date: dict[tuple[int, int], Rows] = defaultdict(list)
        self._given_date: dict[tuple[int, int], Rows] = defaultdict(list)
        self._names: dict[tuple[int, int], Rows] = defaultdict(list)
        self._surname_place: dict[tuple[int, int], Rows] = defaultdict(list)
        self._date_place: dict[tuple[int, int], Rows] = defaultdict(list)
        self._places: dict[int, int] = {}
        for record in records:
            keys = record_keys(record)
            self._surname_date[keys.surname, keys.birthdate].append(record)
            self._given_date[keys.given, keys.birthdate].append(record)
            self._names[keys.surname, keys.given].append(record)
            self._surname_place[keys.surname, keys.place].append(record)
            self._date_place[keys.birthdate, keys.place].append(record)
            self._places[record.person_id] = keys.place
        self.persons = len(self._places)

    def candidates(self, identity: PivotIdentity) -> Rows:
        """L1, L2 and L3."""
        keys = query_keys(identity)
        pairs = [(given, date) for given in keys.given for date in keys.birthdates]
        found = [self._surname_date.get((keys.surname, date), []) for date in keys.birthdates]
        found += [self._here(self._given_date.get(pair, []), keys.place) for pair in pairs]
        named = [self._names.get((keys.surname, given), []) for given in keys.given]
        near = [row for rows in named for row in self._here(rows, keys.place)]
        return list(chain(*found, near[:NEAR_MISS_CAP]))

    def _here(self, rows: Rows, place: int) -> Rows:
        return [row for row in rows if self._places[row.person_id] == place]

    def desk(self, identity: PivotIdentity) -> Rows:
        """A1 to A4."""
        keys = query_keys(identity)
        pairs = [(given, date) for given in keys.given for date in keys.birthdates]
        found = [
            *(self._names.get((keys.surname, given), []) for given in keys.given),
            self._surname_place.get((keys.surname, keys.place), []),
            *(self._date_place.get((date, keys.place), []) for date in keys.birthdates),
            *(self._given_date.get(pair, []) for pair in pairs),
        ]
        return list(chain.from_iterable(rows[:DESK_CAP] for rows in found))


class InDatabase:
    """The registry in service, through the broker's own look-up."""

    def __init__(self, connection: Connection, persons: int) -> None:
        self._connection = connection
        self.persons = persons

    @classmethod
    @contextmanager
    def opened(cls, url: str) -> Iterator["InDatabase"]:
        """The registry that belongs to the insured database at this URL."""
        engine = create_engine(**bind_options(url))
        prepare_engine(engine)
        open_registry(engine)
        require_layout(engine)
        with reading(engine) as connection:
            yield cls(connection, int(about(engine)["persons"]))
        engine.dispose()

    def sample(self, count: int, chance: Random) -> Rows:
        """So many of its people, or all of them."""
        numbers = range(FIRST_NUMBER, FIRST_NUMBER + self.persons)
        drawn = chance.sample(numbers, min(count, self.persons))
        found = (lookup.by_id(self._connection, number) for number in drawn)
        return [record for record in found if record]

    def candidates(self, identity: PivotIdentity) -> Rows:
        """L1, L2 and L3."""
        return lookup.candidates(self._connection, identity)

    def desk(self, identity: PivotIdentity) -> Rows:
        """A1 to A4."""
        keyed, parameters = lookup.searched(identity)
        found: Rows = []
        for first, second in (
            (keyed.surname, keyed.given),
            (keyed.surname, keyed.place),
            (keyed.dates, keyed.place),
            (keyed.dates, keyed.given),
        ):
            statement = select(*lookup.COLUMNS).where(first, second).limit(DESK_CAP)
            found += map(lookup.record, self._connection.execute(statement, parameters))
        return found
