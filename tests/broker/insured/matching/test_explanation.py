"""A decision explains itself to the journal and the advisor, without naming anybody."""

import json
from datetime import date

import pytest

from broker.insured.matching.decision import decide
from broker.insured.matching.nir import control_key

TODAY = date(2026, 3, 1)


def explained(sent, *records):
    return decide(sent, records, TODAY).explanation.journal()


def test_an_exact_match_names_its_rule_alone(identity, record):
    """Nothing was needed."""
    found = explained(identity(), record())
    assert found["rule"] == "D1"
    assert found["match"] == "exact"
    assert found["equivalences"] == {}
    assert found["candidates"] == []


def test_a_tolerant_match_names_the_equivalence_of_each_trait(identity, record):
    """The journal can be read years later."""
    found = explained(identity(family="LEGALL", given="Anne", place="69381"), record())
    assert found["rule"] == "D2"
    assert found["equivalences"] == {
        "family_name": "separator",
        "given_name": "fewer_given_names",
        "birthplace": "renumbered_or_merged_place",
    }


def test_a_refusal_after_a_match_tells_how_the_match_was_made(identity, record):
    """D7 after D2 is not D7 after D1."""
    found = explained(identity(given="Anne"), record(deceased=True))
    assert (found["rule"], found["match"]) == ("D7", "tolerant")
    assert found["equivalences"] == {"given_name": "fewer_given_names"}


@pytest.mark.parametrize(
    ("nir", "parts"),
    [
        ("285036912300126", []),
        ("185036912300183", ["gender"]),
        ("286036912300163", ["year"]),
        ("285046912300181", ["month"]),
        ("285037505600142", ["birthplace"]),
        ("187047505600169", ["gender", "year", "month", "birthplace"]),
        ("", []),
        ("885036912300166", []),
    ],
)
def test_a_number_that_disagrees_is_a_flag_and_no_refusal(identity, record, nir, parts):
    """A legal change of sex, a corrected date or place stay in the number for life."""
    number = nir[:13] and nir[:13] + control_key(nir)
    decision = decide(identity(), [record(nir=number)], TODAY)

    assert decision.record is not None
    assert decision.explanation.match == "exact"
    assert decision.explanation.journal()["number_differs"] == parts


def test_rivals_are_named_by_their_number(identity, record):
    """The advisor opens both files."""
    found = explained(identity(), record(), record(person_id=7, given="ANNE"))
    assert found["rule"] == "D3"
    assert found["rivals"] == [1, 7]
    assert found["guard"] == {}
    assert [one["person"] for one in found["candidates"]] == [1, 7]


@pytest.mark.parametrize(
    ("other", "clause"),
    [
        ({"place": "75056"}, "same_names_sex_date"),
        ({"family": "LE GAL"}, "neighbouring_surname"),
        ({"given": "ANNA", "gender": "male"}, "neighbouring_first_name"),
    ],
)
def test_a_guard_hit_names_the_clause(identity, record, other, clause):
    """And the equivalences that made the guard necessary."""
    found = explained(identity(given="Anne"), record(), record(person_id=9, **other))
    assert found["rule"] == "D3"
    assert found["rivals"] == [1]
    assert found["guard"] == {"9": clause}
    assert found["equivalences"] == {"given_name": "fewer_given_names"}


@pytest.mark.parametrize(
    ("sent", "kept", "rule", "trait"),
    [
        ({"family": "DURAND"}, {"usage_name": "DURAND"}, "D4", "family_name"),
        ({"born": "1985-03-03"}, {}, "D5", "birthdate"),
        ({"gender": "male"}, {}, "D5", "gender"),
        ({"place": "69132"}, {}, "D5", "birthplace"),
        ({"given": "Anna"}, {}, "D5", "given_name"),
        ({"given": "Brigitte"}, {}, "D6", None),
        ({"family": "XX"}, {}, "D0", "family_name"),
        ({"given": "SP"}, {}, "D0", "given_name"),
    ],
)
def test_a_refusal_names_the_trait_that_differs(identity, record, sent, kept, rule, trait):
    """One trait for D0, D4 and D5; none for D6, whose candidates speak for themselves."""
    found = explained(identity(**sent), record(**kept))
    assert (found["rule"], found["differing"]) == (rule, trait)


def test_an_invalid_identity_is_searched_for_nobody(identity, record):
    """D0 leaves no candidate behind."""
    assert explained(identity(family="SN"), record())["candidates"] == []


def test_the_journal_holds_no_name_date_place_or_number(identity, record):
    """Person ids and trait names only, whatever happened."""
    secrets = ["GALL", "ANNE", "MARIE", "DURAND", "1985", "69123", "69381", "285036"]
    cases = [
        ({}, {}),
        ({"family": "LEGALL", "given": "Anne", "place": "69381"}, {}),
        ({"family": "DURAND"}, {"usage_name": "DURAND"}),
        ({"family": "LE GAL"}, {}),
        ({"given": "Brigitte"}, {}),
        ({}, {"deceased": True}),
    ]
    for sent, kept in cases:
        rival = record(person_id=2, place="75056")
        document = json.dumps(explained(identity(**sent), record(**kept), rival)).upper()
        assert [secret for secret in secrets if secret in document] == []
