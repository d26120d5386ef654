"""Two codes are one place only upward, and never by way of a third."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.cog.countries import COUNTRIES
from broker.cog.places import country_before_independence, equivalent, known, place_class
from broker.cog.table import communes, relations

DATASET_CODES = 39_254
OVERSEAS_ADDED = 19

ONE_PLACE = [
    ("75056", "75112", "an arrondissement is its city"),
    ("69381", "69123", "an arrondissement of Lyon"),
    ("13216", "13055", "an arrondissement of Marseille"),
    ("20004", "2A004", "Corsica before 1976"),
    ("20033", "2B033", "Corsica, the other half"),
    ("75048", "93048", "the old Seine"),
    ("78228", "91228", "the old Seine-et-Oise"),
    ("91143", "78143", "back from Essonne to Yvelines"),
    ("91182", "91228", "merged in 2019"),
    ("78182", "91182", "the old number of a commune that merged later"),
    ("78182", "91228", "the old number and the commune that absorbed it"),
    ("75059", "93066", "renumbered in 1968, merged in 2025"),
    ("38193", "38193", "itself"),
    ("97123", "97701", "an overseas renumbering"),
    ("98511", "97611", "Mayotte before it became a department"),
    ("92350", "99352", "Algeria before independence"),
    ("95123", "95123", "itself again"),
    ("96101", "99351", "Tunisia before independence"),
    ("99352", "99352", "a country is itself"),
    ("99999", "99999", "even an unknown code is itself"),
]
TWO_PLACES = [
    ("75111", "75112", "sister arrondissements"),
    ("69381", "69382", "sister arrondissements of Lyon"),
    ("91182", "78228", "the two halves of a merger, one under its old number"),
    ("78182", "78228", "the two halves of a merger, both under old numbers"),
    ("20237", "20294", "two Corsican communes merged into a third"),
    ("91228", "99352", "a commune of Essonne is not in Algeria"),
    ("92050", "99352", "Nanterre is not in Algeria"),
    ("92350", "99350", "an Algerian code is not in Morocco"),
    ("92350", "93350", "two towns of Algeria"),
    ("92350", "92351", "two towns of one Algerian department"),
    ("2A004", "2B004", "the two halves of Corsica"),
    ("75056", "69123", "two cities"),
    ("99350", "99352", "two countries"),
    ("75056", "99100", "a commune is not its country"),
]


@pytest.mark.parametrize(("one", "other", "why"), ONE_PLACE)
def test_two_codes_of_one_place_are_equivalent(one, other, why):
    """A code is itself, its present number, its city and the communes that absorbed it."""
    assert equivalent(one, other), why
    assert equivalent(other, one), why


@pytest.mark.parametrize(("one", "other", "why"), TWO_PLACES)
def test_two_places_are_never_equivalent(one, other, why):
    """What two codes have in common with a third one makes them no single place."""
    assert not equivalent(one, other), why
    assert not equivalent(other, one), why


@pytest.mark.parametrize(("one", "other", "why"), ONE_PLACE)
def test_equivalent_codes_share_their_class(one, other, why):
    """The class is a search key: what may be equivalent must be found together."""
    assert place_class(one) == place_class(other), why


def test_every_tie_of_the_table_is_inside_one_class():
    """No code is tied upward to a code that a look-up by class would miss."""
    for code, above in relations().above.items():
        assert {place_class(upper) for upper in above} == {place_class(code)}


def test_no_code_is_above_itself():
    """Upward means upward: the ties have no cycle."""
    assert [c for c, above in relations().above.items() if c in above] == []


def test_the_table_holds_the_codes_of_the_dataset_and_the_overseas_ones():
    """39,254 codes of the public dataset, former ones included, and nineteen overseas."""
    assert len(communes()) == DATASET_CODES + OVERSEAS_ADDED


@pytest.mark.parametrize("code", ["75056", "78182", "20004", "2A004", "97105", "98818", "96101"])
def test_a_place_that_exists_or_existed_is_known(code):
    """Present, former, overseas and pre-independence codes may stand on an act."""
    assert known(code)


@pytest.mark.parametrize("code", ["75999", "2C001", "00000", "99999", "", "97999", "90999"])
def test_a_place_that_never_existed_is_unknown(code):
    """An import refuses it."""
    assert not known(code)


def test_countries_are_known_and_france_is_one_of_them():
    """The table of countries answers for codes 99xxx."""
    assert known("99100")
    assert known("99352")
    assert all(len(code) == 5 and code.startswith("99") for code in COUNTRIES)


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("91350", "99352"),
        ("94001", None),
        ("93350", "99352"),
        ("95999", "99350"),
        ("96000", "99351"),
        ("91228", None),
        ("75056", None),
        ("99352", None),
    ],
)
def test_a_code_before_independence_is_one_that_no_commune_bears(code, country):
    """91xxx to 95xxx that exist around Paris are there, not across the sea."""
    assert country_before_independence(code) == country


CODES = st.sampled_from(sorted(communes()))
TIED = st.sampled_from(sorted(relations().group))


@given(TIED | CODES, TIED | CODES)
def test_equivalence_is_symmetric_and_stays_inside_a_class(one, other):
    """Whoever is asked first, the answer is the same; and the class never separates equals."""
    assert equivalent(one, other) == equivalent(other, one)
    if equivalent(one, other):
        assert place_class(one) == place_class(other)


@given(TIED)
def test_siblings_under_one_commune_are_strangers_to_one_another(code):
    """Two codes with a common upper code and no tie of their own are two places."""
    above = relations().above
    siblings = [
        other
        for other, uppers in above.items()
        if other != code and uppers & above.get(code, frozenset())
    ]
    for sibling in siblings:
        tied = sibling in above.get(code, ()) or code in above[sibling]
        assert equivalent(code, sibling) == tied
