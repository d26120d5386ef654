"""The registry changes under logins that go on: each sees one registry or the other, whole."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest

from broker.database import reading
from broker.insured.match import match
from broker.insured.matching.outcomes import Outcome
from broker.insured.registry.lookup import by_id, known_contact

AMELI = "ameli.exemple"
SWAPS = 8


@pytest.fixture
def generations(claire, population):
    """Registries that differ in Claire's address and in everybody else."""

    def one(number):
        crowd = [population.other(family_name=name) for name in ("PETIT", "ROUX", "FAURE")]
        return [*crowd, claire._replace(email=f"generation{number}@exemple.fr")]

    return one


def test_lookups_never_miss_while_the_registry_is_swapped(
    engine, population, generations, arriving
):
    """Four readers look Claire up without pause through eight swaps: found every time."""
    population.register(engine, *generations(0))
    done, identity = Event(), arriving().identity

    def read():
        outcomes, seen = set(), set()
        while not done.is_set():
            with reading(engine) as connection:
                outcomes.add(match(connection, identity, date(2026, 3, 1)).outcome)
                seen.add(known_contact(connection, 11).email)
        return outcomes, seen

    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read) for _ in range(4)]
        try:
            for number in range(1, SWAPS + 1):
                population.register(engine, *generations(number))
        finally:
            done.set()
        results = [reader.result() for reader in readers]

    assert all(outcomes == {Outcome.EXACT} for outcomes, _ in results)
    known = {f"generation{number}@exemple.fr" for number in range(SWAPS + 1)}
    assert all(seen <= known for _, seen in results)
    assert len(set.union(*(seen for _, seen in results))) > 1


def test_logins_settle_while_the_registry_is_swapped(
    engine, population, generations, accounts, arriving, count
):
    """Accounts are created and found through eight swaps; the constraints see no difference."""
    population.register(engine, *generations(0))
    done = Event()

    def login(number):
        results = []
        while not done.is_set():
            arrival = arriving(issuer=f"https://{number}.exemple")
            results.append(accounts.settle(arrival, AMELI).result)
        return results

    with ThreadPoolExecutor(3) as threads:
        logins = [threads.submit(login, number) for number in range(3)]
        try:
            for number in range(1, SWAPS + 1):
                population.register(engine, *generations(number))
        finally:
            done.set()
        results = [result for one in logins for result in one.result()]

    assert results.count("created") == 1
    assert set(results) <= {"created", "existing"}
    assert [count("account"), count("link")] == [1, 3]


def test_a_connection_sees_the_new_registry_at_its_next_use(engine, population, claire):
    """What was read before the swap and after it are two registries; no restart is needed."""
    population.register(engine, claire)
    with reading(engine) as connection:
        before = by_id(connection, 11)
    population.register(engine, claire._replace(family_name="PETIT"))
    with reading(engine) as connection:
        after = by_id(connection, 11)

    assert (before.family_name, after.family_name) == ("DURAND", "PETIT")


def test_a_transaction_under_way_keeps_its_registry_on_sqlite(sqlite_engine, population, claire):
    """A file that is replaced lives on for whoever reads it."""
    population.register(sqlite_engine, claire)
    with sqlite_engine.begin() as tx:
        population.register(sqlite_engine, claire._replace(family_name="PETIT"))

        assert by_id(tx, 11).family_name == "DURAND"


def test_a_second_process_sees_the_swap(database, opened, engine, population, claire):
    """Another node with its own engine looks at the same registry."""
    population.register(engine, claire)
    other = opened(database)
    population.register(engine, claire._replace(family_name="PETIT"))
    with reading(other) as connection:
        assert by_id(connection, 11).family_name == "PETIT"
    other.dispose()
