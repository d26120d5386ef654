"""
How good the matching is, on a population of the registry's own generator: the project's floors.

The queries and their labels are those of `benchmarks/matching.py`.
"""

import gc
import importlib
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine

from broker.database import bind_options, prepare_engine
from broker.insured.matching.decision import decide
from broker.insured.registry.generate import persons
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.loading import Loading, cuts_of
from broker.insured.registry.parsing import Parser
from broker.insured.registry.store import builder_of, open_registry

BENCHMARKS = Path(__file__).parents[4] / "benchmarks"
PERSONS, ADVERSARIAL, EACH = 200_000, 300_000, 1_200
STORED = 20_000
SEED = 36

pytestmark = pytest.mark.slow


def chance():
    """The same draws every time."""
    return Random(SEED)


@pytest.fixture(scope="module")
def bench():
    """A module of the benchmark by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        yield importlib.import_module


@pytest.fixture(scope="module")
def population(bench):
    """Two hundred thousand persons, as records."""
    # Looking for cycles among a million objects that have none costs a tenth of the whole.
    gc.disable()
    yield list(bench("matching_people").people(PERSONS, SEED))
    gc.enable()


@pytest.fixture(scope="module")
def index(bench, population):
    """The look-ups of the contract, in memory."""
    return bench("matching_index").InMemory(population)


def test_nobody_absent_is_linked_to_a_neighbour(bench, population, index):
    """Absent twins, neighbours in date, place, sex and surname, parents: 300,000, no wrong link."""
    strangers = bench("matching_people").strangers(10_000, SEED)
    queries = bench("matching_queries").absent(population, strangers, ADVERSARIAL, chance())

    tallies = bench("matching_score").run(queries, index)

    assert sum(tally.queries for tally in tallies.values()) == ADVERSARIAL
    assert {kind: tally.wrong_links for kind, tally in tallies.items()} == dict.fromkeys(tallies, 0)
    assert sum(tally.indistinguishable for tally in tallies.values()) < ADVERSARIAL / 1000
    assert bench("matching_score").shortfalls(tallies) == []


def test_everybody_registered_is_found_under_every_documented_equivalence(bench, population, index):
    """The floors Q0 to Q6, no link after any error, and the right candidate for the advisor."""
    queries = bench("matching_queries").present(population, EACH, chance())

    tallies = bench("matching_score").run(queries, index)

    assert set(bench("matching_queries").SLIPS) == set(tallies)
    assert min(tally.queries for tally in tallies.values()) > 1000
    assert bench("matching_score").shortfalls(tallies) == []


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """The URL of an insured database whose registry holds twenty thousand of the same persons."""
    url = f"sqlite:///{tmp_path_factory.mktemp('accuracy')}/insured.sqlite"
    engine = create_engine(**bind_options(url))
    prepare_engine(engine)
    open_registry(engine)
    refused = []
    with builder_of(engine) as builder:
        builder.start()
        loading = Loading(builder, Parser(IbanPrinter(bytes(32))), refused.extend)
        for cut in cuts_of(persons(STORED, SEED, date(2026, 3, 1))):
            loading.take(cut)
        facts = {"source": "test", "built_at": "0", "persons": str(STORED)}
        refused += builder.finish(loading.parser.labels, facts)
        builder.publish()
    engine.dispose()
    assert refused == []
    return url


def test_the_brokers_own_look_up_gives_the_same_decisions(bench, registry):
    """A sample of every class decided on SQLite and in memory: the same person or the same why."""
    people = list(bench("matching_people").people(STORED, SEED))
    memory = bench("matching_index").InMemory(people)
    queries, score = bench("matching_queries"), bench("matching_score")
    asked = [
        *queries.present(people, 100, chance()),
        *islice(queries.absent(people, people[:100], 1_000, chance()), 1_000),
    ]
    with bench("matching_index").InDatabase.opened(registry) as database:
        for query in asked:
            stored = decide(query.identity, database.candidates(query.identity), score.ON)
            kept = decide(query.identity, memory.candidates(query.identity), score.ON)
            assert _found(stored) == _found(kept)


def _found(decision):
    """The person found, else why nobody was; what bars an account is told in the database only."""
    return decision.record.person_id if decision.record else decision.explanation
