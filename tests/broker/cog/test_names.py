"""A place of birth has a name on the page, whatever the age of its code."""

import pytest

from broker.cog.departments import department_name
from broker.cog.names import commune_name, country_name, place_label, place_name
from broker.cog.table import communes, names


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("75056", "Paris"),
        ("75112", "Paris 12e Arrondissement"),
        ("2A004", "Ajaccio"),
        ("20004", "Ajaccio"),
        ("93059", "Pierrefitte-sur-Seine"),
        ("78182", "Évry-Courcouronnes"),
        ("98511", "Mamoudzou"),
        ("97123", "Saint-Barthélemy"),
    ],
)
def test_a_commune_has_a_name_under_any_of_its_codes(code, name):
    """A former code without a name of its own shows the commune it belongs to now."""
    assert commune_name(code) == name


def test_every_code_of_the_table_has_a_name():
    """No page ever shows a bare code of the table."""
    assert [code for code in communes() if not commune_name(code)] == []


def test_an_unknown_commune_has_no_name():
    """The caller shows the code instead."""
    assert commune_name("75999") is None


@pytest.mark.parametrize(
    ("code", "lang", "name"),
    [
        ("99352", "fr", "Algérie"),
        ("99352", "en", "Algeria"),
        ("99109", "en", "Germany"),
        ("99139", "fr", "Portugal"),
        ("99115", "fr", "Tchécoslovaquie"),
        ("99115", "en", "Czechoslovakia"),
        ("99352", "de", "Algérie"),
    ],
)
def test_a_country_is_named_in_french_and_in_english(code, lang, name):
    """Another language falls back to French."""
    assert country_name(code, lang) == name


def test_an_unknown_country_has_no_name():
    """99999 is nobody's country."""
    assert country_name("99999") is None


@pytest.mark.parametrize(
    ("place", "country", "name"),
    [
        ("69123", "99100", "Lyon"),
        (None, "99350", "Maroc"),
        ("92350", "99100", "Algérie"),
        ("92050", "99100", "Nanterre"),
    ],
)
def test_a_birthplace_is_a_commune_or_a_country(place, country, name):
    """A code of the time before independence shows the country."""
    assert place_name(place, country) == name


def test_one_name_is_the_same_as_in_the_whole_table():
    """Looking one code up gives what the whole table says, absences included."""
    whole = names()

    assert {code: commune_name(code) for code in communes()} == whole
    for absent in ("", "0", "00000", "75", "751121", "ZZZZZ", "7510é", "99999\n"):
        assert commune_name(absent) is None


@pytest.mark.parametrize(
    ("birthplace", "birthcountry", "label"),
    [
        ("97411", "99100", "Saint-Denis (La Réunion)"),
        ("93066", "99100", "Saint-Denis (Seine-Saint-Denis)"),
        ("2A004", "99100", "Ajaccio (Corse-du-Sud)"),
        ("75112", "99100", "Paris 12e Arrondissement"),
        ("91352", "99100", "Algérie"),
        (None, "99139", "Portugal"),
        ("00000", "99100", None),
    ],
)
def test_a_commune_is_told_from_its_namesakes_by_its_department(birthplace, birthcountry, label):
    """A country needs none, nor does a name that says it already."""
    assert place_label(birthplace, birthcountry) == label


def test_every_commune_has_a_department():
    """Former departments and territories included."""
    assert [code for code in communes() if not department_name(code)] == []
