"""The personas: one for every situation, computed dates, stable names."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_idps.personas import Cast, Persona


def _at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


SITUATIONS = {
    "matched": "claire",
    "classic account to be linked": "marc",
    "account linked to someone else": "sophie",
    "two first names": "paul",
    "compound first name with a space": "marie_christine",
    "usage name different": "nathalie",
    "name of 52 letters": "longuemare",
    "accents, ligatures, apostrophes": "zoe",
    "Corsica 2A": "ange",
    "Corsica 2B": "ghjulia",
    "born as 20": "toussaint",
    "merged commune": "annecy",
    "Paris arrondissement against city": "paris",
    "born abroad": "portugal",
    "born in Algeria before independence": "oran",
    "presumed day": "presumed_day",
    "presumed day and month": "presumed_year",
    "twins": "louise",
    "twin absent": "julien",
    "homonyms": "michel",
    "one typo": "dupond",
    "usage name as birth name": "usage_as_birth",
    "deceased": "henri",
    "under 16": "leo",
    "16 today": "alix",
    "rights closed": "gerard",
    "temporary number": "oksana",
    "e-mail already used": "thomas",
    "no e-mail": "agnes",
    "unspecified gender": "dominique",
    "account locked": "bruno",
    "locked at the provider": "odette",
    "never above the low level": "basile",
}


@pytest.mark.parametrize("key", SITUATIONS.values(), ids=SITUATIONS.keys())
def test_there_is_a_persona_for_the_situation(key):
    """Each with a sentence in both languages and the outcome to expect."""
    persona = Cast(0).get(key)

    assert persona.fr
    assert persona.en
    assert persona.fr != persona.en
    assert persona.expect


def test_names_numbers_and_groups_are_in_order():
    """Logins and phone numbers are unique, numbers belong to the block kept for fiction."""
    people = list(Cast(0))

    assert len({one.phone for one in people}) == len(people)
    assert all(re.fullmatch(r"0639980\d{3}", one.phone) for one in people)
    assert sum(len(group) for _, group in Cast(0).by_group()) == len(people)


def test_the_long_name_has_52_letters():
    """Separators not counted."""
    name = Cast(0).get("longuemare").traits["family_name"]

    assert sum(letter.isalpha() for letter in name) == 52


@pytest.mark.parametrize(
    ("now", "alix", "eve", "leo"),
    [
        ("2026-03-01T12:00", "2010-03-01", "2010-03-02", "2011-03-01"),
        ("2026-12-31T12:00", "2010-12-31", "2011-01-01", "2011-12-31"),
        ("2028-02-29T12:00", "2012-02-29", "2012-03-01", "2013-02-28"),
        ("2026-03-01T23:30", "2010-03-02", "2010-03-03", "2011-03-02"),
    ],
)
def test_ages_are_computed_from_the_clock_in_paris(now, alix, eve, leo):
    """16 today, 16 tomorrow, 15: on ordinary days, at year's end, on 29 February, near midnight."""
    cast = Cast(_at(now))

    assert [cast.get(key).traits["birthdate"] for key in ("alix", "eve", "leo")] == [alix, eve, leo]


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_computed_dates_are_always_dates(now):
    """No day of the century makes a date that does not exist."""
    cast = Cast(now)

    for key in ("alix", "eve", "leo"):
        datetime.fromisoformat(cast.get(key).traits["birthdate"])


def test_every_birthdate_without_a_computation_is_written_as_sent():
    """YYYY-MM-DD with 00 for what is unknown."""
    for persona in Cast(0):
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", persona.traits["birthdate"]), persona.key


def test_births_abroad_have_no_commune_and_births_in_france_have_one():
    """As providers send them."""
    for persona in Cast(0):
        in_france = persona.traits["birthcountry"] == "99100"
        assert ("birthplace" in persona.traits) == in_france, persona.key


def test_the_cyrillic_persona_only_looks_like_claire():
    """One letter of her name is another alphabet's."""
    claire, other = (Cast(0).get(key).traits["family_name"] for key in ("claire", "cyrillic"))

    assert claire != other
    assert other.replace("\u0410", "A") == claire


def test_changes_of_one_cast_do_not_reach_another():
    """Each issuer has its own people."""
    one, other = Cast(0), Cast(0)
    one.remove("claire")
    one.put(Persona(key="lina", traits={}))

    assert one.get("claire") is None
    assert other.get("claire").key == "claire"
    assert other.get("lina") is None
    assert not one.remove("claire")


@pytest.mark.parametrize("number", ["", " ", "0600000000"])
def test_nobody_has_an_empty_or_foreign_number(number):
    """A persona added without a phone is not found by an empty number."""
    cast = Cast(0)
    cast.put(Persona(key="lina", traits={}))

    assert cast.by_phone(number) is None
