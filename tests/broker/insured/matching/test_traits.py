"""Each trait is E, Q by one named equivalence, or different; the tables are the rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.matching.traits import (
    Likeness,
    birthdates,
    birthplaces,
    compare,
    family_names,
    genders,
    given_names,
)
from providers.identity import Gender, PartialDate

E, SEP, FEWER, COMPOUND = (
    Likeness.EQUAL,
    Likeness.SEPARATOR,
    Likeness.FEWER_GIVEN_NAMES,
    Likeness.COMPOUND_GIVEN_NAME,
)
PLACE, COLONY, PRESUMED, NO = (
    Likeness.RENUMBERED_OR_MERGED,
    Likeness.BEFORE_INDEPENDENCE,
    Likeness.PRESUMED_DATE,
    Likeness.DIFFERENT,
)

SURNAMES = [
    ("Le Gall", "LE GALL", E),
    ("le-gall", "LE GALL", E),
    ("LE ROY", "LEROY", SEP),
    ("ST MARTIN", "SAINT-MARTIN", SEP),
    ("STE MARIE", "SAINTE MARIE", SEP),
    ("SAINT MARTIN", "SAINTE MARTIN", NO),
    ("DE GAULLE", "GAULLE", NO),
    ("MARTIN", "MARTINE", NO),
    ("A", "A", E),
    ("INCONNU", "INCONNU", NO),
    ("X", "X", NO),
    ("DUPONT", "", NO),
]


@pytest.mark.parametrize(("sent", "kept", "expected"), SURNAMES)
def test_birth_names_are_equal_equivalent_or_different(sent, kept, expected):
    """Separators are forgotten, particles and letters never; a marker equals nothing."""
    assert family_names(sent, kept) is expected


WITH_ARRAY = [
    ("Anne|Marie", "ANNE|MARIE", E),
    ("Anne", "ANNE|MARIE", FEWER),
    ("Anne|Marie|Lucie", "ANNE|MARIE", FEWER),
    ("Anne|Lucie", "ANNE|MARIE", NO),
    ("Marie", "ANNE|MARIE", NO),
    ("Marie|Anne", "ANNE|MARIE", NO),
    ("Jean-Pierre", "JEAN PIERRE", E),
    ("Jean Pierre", "JEAN-PIERRE", E),
    ("JeanPierre", "JEAN-PIERRE", SEP),
    ("Jean|Pierre", "JEAN-PIERRE", NO),
    ("Jean-Pierre", "JEAN|PIERRE", NO),
    ("Jean", "JEAN-PIERRE", NO),
    ("Jean-Pierre", "JEAN", NO),
    ("JeanPierre", "JEAN-PIERRE|PAUL", NO),
    ("Jean|X", "JEAN|X", NO),
    ("Jean", "JEAN|X", NO),
    ("SP", "SP", NO),
    ("Anne", "SANS|PRENOM", NO),
]
WITHOUT_ARRAY = [
    ("Anne|Marie", "ANNE|MARIE", E),
    ("Anne", "ANNE|MARIE", FEWER),
    ("Jean|Pierre", "JEAN-PIERRE", COMPOUND),
    ("Jean|Pierre|Paul", "JEAN-PIERRE|PAUL", COMPOUND),
    ("Jean|Pierre|Paul|Andre", "JEAN-PIERRE|PAUL-ANDRE", COMPOUND),
    ("Jean|Pierre|Paul", "JEAN|PIERRE-PAUL", COMPOUND),
    ("Jean|Pierre", "JEAN|PIERRE", E),
    ("Jean-Pierre", "JEAN|PIERRE", NO),
    ("Jean|Pierre-Paul", "JEAN-PIERRE|PAUL", NO),
    ("Jean-Pierre|Paul", "JEAN|PIERRE-PAUL", NO),
    ("Jean|Pierre", "JEAN-PIERRE|PAUL", NO),
    ("Jean|Pierre|Paul", "JEAN-PIERRE", NO),
    ("Jea|Npierre", "JEAN-PIERRE", COMPOUND),
    ("St|Jean", "SAINT-JEAN", COMPOUND),
]


@pytest.mark.parametrize(("sent", "kept", "expected"), WITH_ARRAY)
def test_an_array_of_first_names_is_taken_at_its_word(identity, sent, kept, expected):
    """With an array JEAN-PIERRE and JEAN, PIERRE are two people: they are often twins."""
    sent_names = identity(given=sent, tokens_given=True)
    assert given_names(sent_names, tuple(kept.split("|"))) is expected


@pytest.mark.parametrize(("sent", "kept", "expected"), WITHOUT_ARRAY)
def test_without_array_a_compound_may_have_been_split_but_never_joined(
    identity, sent, kept, expected
):
    """Every limit of the record must be a limit of the query."""
    sent_names = identity(given=sent, tokens_given=False)
    assert given_names(sent_names, tuple(kept.split("|"))) is expected


def test_an_empty_list_of_first_names_equals_nothing(identity):
    """A record with a missing trait never matches."""
    assert given_names(identity(), ()) is NO


DATES = [
    ("1985-03-02", "1985-03-02", False, E),
    ("1985-03-02", "1985-03-03", False, NO),
    ("1985-03-02", "1985-02-03", False, NO),
    ("1950-01-01", "1950-00-00", True, PRESUMED),
    ("1950-12-31", "1950-00-00", True, PRESUMED),
    ("1950-00-00", "1950-00-00", True, E),
    ("1950-01-02", "1950-00-00", True, NO),
    ("1950-06-30", "1950-00-00", True, NO),
    ("1951-01-01", "1950-00-00", True, NO),
    ("1950-05-01", "1950-05-00", True, PRESUMED),
    ("1950-05-00", "1950-05-00", True, E),
    ("1950-05-31", "1950-05-00", True, NO),
    ("1950-12-31", "1950-12-00", True, NO),
    ("1950-12-01", "1950-12-00", True, PRESUMED),
    ("1950-01-01", "1950-05-00", True, NO),
    ("1950-06-01", "1950-05-00", True, NO),
    ("1950-05-00", "1950-00-00", True, NO),
    ("1950-00-00", "1950-05-00", True, NO),
    ("1950-01-01", "1950-00-00", False, NO),
    ("1950-05-01", "1950-05-00", False, NO),
    ("1950-00-00", "1950-00-00", False, E),
    ("1950-00-00", "1950-01-01", True, NO),
    ("1950-12-31", "1950-01-01", True, NO),
    ("1950-01-01", "1950-01-01", True, E),
    ("1950-05-00", "1950-05-01", True, NO),
]


@pytest.mark.parametrize(("sent", "kept", "flagged", "expected"), DATES)
def test_a_presumed_date_is_equivalent_only_to_one_flagged_and_incomplete(
    record, sent, kept, flagged, expected
):
    """Never against a complete date, never without the flag."""
    kept_record = record(born=kept, presumed=flagged)
    assert birthdates(PartialDate.parse(sent), kept_record) is expected


@pytest.mark.parametrize("sent", list(Gender))
@pytest.mark.parametrize("kept", list(Gender))
def test_an_unspecified_sex_equals_nothing(sent, kept):
    """Not even itself."""
    expected = E if sent is kept and sent is not Gender.UNSPECIFIED else NO
    assert genders(sent, kept) is expected


FRANCE = "99100"
PLACES = [
    (("69123", FRANCE), ("69123", FRANCE), "1985-03-02", E),
    (("69381", FRANCE), ("69123", FRANCE), "1985-03-02", PLACE),
    (("69381", FRANCE), ("69382", FRANCE), "1985-03-02", NO),
    (("2A004", FRANCE), ("20004", FRANCE), "1960-03-02", PLACE),
    (("78182", FRANCE), ("91228", FRANCE), "1960-03-02", PLACE),
    (("78182", FRANCE), ("78228", FRANCE), "1960-03-02", NO),
    ((None, "99139"), (None, "99139"), "1985-03-02", E),
    ((None, "99139"), (None, "99134"), "1985-03-02", NO),
    ((None, "99352"), ("92350", FRANCE), "1955-03-02", COLONY),
    (("92350", FRANCE), (None, "99352"), "1955-03-02", COLONY),
    ((None, "99352"), ("92350", "99352"), "1955-03-02", COLONY),
    (("92350", FRANCE), ("92350", "99352"), "1955-03-02", E),
    ((None, "99352"), ("92350", FRANCE), "1962-07-04", COLONY),
    ((None, "99352"), ("92350", FRANCE), "1962-07-05", NO),
    ((None, "99352"), ("92350", FRANCE), "1962-00-00", COLONY),
    ((None, "99350"), ("95999", FRANCE), "1956-03-01", COLONY),
    ((None, "99350"), ("95999", FRANCE), "1956-03-02", NO),
    ((None, "99351"), ("96101", FRANCE), "1956-03-19", COLONY),
    ((None, "99351"), ("96101", FRANCE), "1956-03-20", NO),
    ((None, "99352"), ("91228", FRANCE), "1955-03-02", NO),
    (("92350", FRANCE), ("93350", FRANCE), "1955-03-02", NO),
    (("69123", FRANCE), (None, FRANCE), "1985-03-02", NO),
    (("69123", FRANCE), ("69123", "99139"), "1985-03-02", NO),
    (("69381", FRANCE), ("69123", "99352"), "1985-03-02", NO),
    ((None, "99139"), ("69123", "99139"), "1985-03-02", NO),
]


@pytest.mark.parametrize(("sent", "kept", "born", "expected"), PLACES)
def test_a_place_is_a_commune_or_a_country_under_its_codes(
    identity, record, sent, kept, born, expected
):
    """Upward only; before independence only; two codes that contradict each other are no place."""
    query = identity(place=sent[0], country=sent[1], born=born)
    kept_record = record(place=kept[0], country=kept[1], born=born)
    assert birthplaces(query, kept_record) is expected


def test_the_comparison_lists_what_differs_and_what_was_equivalent(identity, record):
    """In the order of the traits, which is the order of the explanation."""
    found = compare(identity(family="LEGALL", given="Anne|Lucie", place="69381"), record())
    assert [str(trait) for trait in found.differing] == ["given_name"]
    assert {str(t): str(x) for t, x in found.equivalences.items()} == {
        "family_name": "separator",
        "birthplace": "renumbered_or_merged_place",
    }
    assert not found.exact


NAMES = st.sampled_from(["JEAN", "PIERRE", "JEAN-PIERRE", "PAUL", "JEANPIERRE", "STE ANNE", "ANNE"])
LISTS = st.lists(NAMES, min_size=1, max_size=4).map(tuple)


@given(LISTS, LISTS)
def test_first_names_with_an_array_compare_alike_from_both_sides(identity, one, other):
    """The prefix rule holds on either side; so do equality and separators."""
    ours, theirs = identity(given=one), identity(given=other)
    assert given_names(ours, other) is given_names(theirs, one)


@given(st.text(max_size=12), st.text(max_size=12))
def test_birth_names_compare_alike_from_both_sides(one, other):
    """Which side is the registry does not matter."""
    left, right = family_names(one, other), family_names(other, one)
    assert left is right
