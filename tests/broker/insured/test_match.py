"""From an identity to a decision, through the registry of both engines."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from broker.database import reading
from broker.insured.match import match
from broker.insured.matching.outcomes import Outcome
from providers.identity import PartialDate

TODAY = date(2026, 3, 1)


@pytest.fixture
def decide(engine, arriving):
    """The outcome for Claire with other traits."""

    def one(**traits):
        with reading(engine) as connection:
            return match(connection, replace(arriving().identity, **traits), TODAY)

    return one


@pytest.mark.parametrize(
    ("traits", "outcome"),
    [
        ({}, Outcome.EXACT),
        ({"family_name": "DURÀND"}, Outcome.EXACT),
        ({"family_name": "DU RAND"}, Outcome.TOLERANT),
        ({"birthplace": "69123"}, Outcome.TOLERANT),
        ({"given_names": ("Claire",)}, Outcome.TOLERANT),
        ({"given_names": ("Claire", "Marie")}, Outcome.NONE),
        ({"family_name": "Durant"}, Outcome.NEAR_MISS),
        ({"birthdate": PartialDate(1985, 3, 28)}, Outcome.NEAR_MISS),
        ({"birthplace": "69384"}, Outcome.NEAR_MISS),
        ({"family_name": "SANS NOM"}, Outcome.INVALID),
    ],
)
def test_the_rows_of_the_table_are_reached_through_the_registry(
    engine, population, claire, decide, traits, outcome
):
    """What the pure function decides on records, the look-up finds the records for."""
    population.register(engine, claire, population.other(family_name="PETIT"))

    assert decide(**traits).outcome is outcome


def test_nothing_is_searched_for_an_unknown_marker(engine, population, claire, decide):
    """D0 makes no query at all."""
    population.register(engine, claire)
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    assert decide(family_name="INCONNU").outcome is Outcome.INVALID
    assert statements == []


@pytest.mark.parametrize("traits", [{}, {"family_name": "Petit"}, {"family_name": "Durant"}])
def test_every_outcome_costs_one_query(engine, population, claire, decide, traits):
    """Found, near or absent: the same single statement, so that time tells nothing."""
    population.register(engine, claire)
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    decide(**traits)

    assert len(statements) == 1
