"""An advisor finds the person from what a caller says, and sees which trait differs."""

from dataclasses import replace

import pytest

from broker.database import reading
from broker.insured.matching.traits import Trait
from broker.insured.registry.desk_search import Asked, TooLittleAskedError, candidates
from broker.insured.registry.lookup import by_nir
from broker.insured.registry.numbering import nir_of
from providers.identity import Gender, MalformedTraitError, PartialDate

CLAIRE = Asked("Durand", ("Claire", "Anne"), PartialDate(1985, 3, 27), Gender.FEMALE, "69383")


def only(*names):
    """Claire, of whom nothing else is known."""
    return Asked(**{name: getattr(CLAIRE, name) for name in names})


@pytest.fixture
def search(engine):
    """Search as the desk does; returns what was found."""

    def one(asked, **more):
        with reading(engine) as connection:
            return candidates(connection, asked, **more)

    return one


@pytest.fixture
def town(engine, population, claire):
    """Claire, her twin, a namesake, somebody married, and a stranger."""
    population.register(
        engine,
        claire,
        population.other(given_names="Chloé"),
        population.other(birthdate="1961-11-02"),
        population.other(family_name="MOREAU", former_names="DURAND|PETIT"),
        population.other(family_name="LEROY", given_names="Paul", sex="M", birthplace="75056"),
    )


@pytest.mark.parametrize(
    ("changes", "differing"),
    [
        ({}, ()),
        ({"family_name": "Durant"}, (Trait.FAMILY_NAME,)),
        ({"given_names": ("Clara", "Anne")}, (Trait.GIVEN_NAMES,)),
        ({"birthdate": PartialDate(1985, 3, 17)}, (Trait.BIRTHDATE,)),
        ({"gender": Gender.MALE}, (Trait.GENDER,)),
        ({"birthplace": "69123"}, ()),
        ({"birthplace": "69381"}, (Trait.BIRTHPLACE,)),
        (
            {"family_name": "Durant", "given_names": ("Clara",)},
            (Trait.FAMILY_NAME, Trait.GIVEN_NAMES),
        ),
        (
            {"family_name": "Durant", "birthplace": "69381"},
            (Trait.FAMILY_NAME, Trait.BIRTHPLACE),
        ),
        (
            {"birthdate": PartialDate(1985, 3, 17), "birthplace": "13055"},
            (Trait.BIRTHDATE, Trait.BIRTHPLACE),
        ),
    ],
)
@pytest.mark.usefixtures("town")
def test_the_person_meant_stands_first_with_what_differs(search, changes, differing):
    """Nothing wrong, one trait wrong, two traits wrong."""
    nearest = search(replace(CLAIRE, **changes))[0]

    assert (nearest.record.person_id, nearest.differing) == (11, differing)


@pytest.mark.parametrize(
    "known",
    [
        ("family_name", "given_names"),
        ("family_name", "birthdate"),
        ("family_name", "birthplace"),
        ("birthdate", "birthplace"),
        ("birthdate", "given_names"),
        ("family_name", "given_names", "gender"),
    ],
)
@pytest.mark.usefixtures("town")
def test_two_traits_are_enough_to_search(search, known):
    """What the caller did not say neither differs nor sets anybody apart."""
    found = search(only(*known))

    assert found[0].record.person_id == 11
    assert (found[0].differing, found[0].distance) == ((), 0)
    assert all(trait in only(*known).known for one in found for trait in one.differing)


@pytest.mark.parametrize(
    "known",
    [(), ("family_name",), ("birthdate", "gender"), ("given_names", "birthplace"), ("gender",)],
)
def test_too_little_to_search_is_said(search, known):
    """A first name in a town is a crowd."""
    with pytest.raises(TooLittleAskedError, match="two of birth name"):
        search(only(*known))


def test_a_trait_nobody_can_bear_is_refused(search):
    """The form says which one; nothing is searched."""
    with pytest.raises(MalformedTraitError, match="birthplace"):
        search(replace(CLAIRE, birthplace="Lyon"))


@pytest.mark.usefixtures("town")
def test_who_bore_the_name_before_is_found_and_shown_with_it(search):
    """A former name costs no edit: its bearer comes before a namesake of another date."""
    married = replace(CLAIRE, family_name="Petit")
    nearest = search(married)[0]

    assert nearest.record.family_name == "MOREAU"
    assert nearest.record.former_names == ("DURAND", "PETIT")
    assert nearest.differing == (Trait.FAMILY_NAME,)


@pytest.mark.usefixtures("town")
def test_as_many_are_shown_as_are_asked(search):
    """Five, or fewer when the desk wants fewer; everybody once."""
    found = search(CLAIRE)

    assert len({one.record.person_id for one in found}) == len(found) == 4
    assert search(CLAIRE, top=2) == found[:2]
    distances = [one.distance for one in found]
    assert distances == sorted(distances)


def test_words_find_a_compound_first_name(engine, population, search):
    """JEAN PIERRE over the telephone may be JEAN-PIERRE."""
    person = population.other(given_names="Jean-Pierre|Luc", sex="M")
    population.register(engine, person)
    words = Asked("Durand", ("Jean", "Pierre"), gender=Gender.MALE)
    (nearest,) = search(words)

    assert str(nearest.record.person_id) == person.number
    assert search(replace(words, tokens_given=True)) == []


def test_the_identity_of_a_case_is_asked_whole(arriving):
    """What a provider sent is searched with every trait, as tokens when it sent tokens."""
    asked = Asked.of(arriving().identity)

    assert asked.known == set(Trait)
    assert asked.identity() == replace(arriving().identity, email=None)


def test_a_person_is_found_by_nir(engine, population, claire):
    """By the number alone, Corsica included; nobody for a number nobody has."""
    corsican = population.other(birthplace="2A004", nir=nir_of("F", "1985-03-27", "2A004", 6))
    population.register(engine, claire, corsican)
    with reading(engine) as connection:
        assert by_nir(connection, claire.nir).person_id == 11
        assert by_nir(connection, claire.nir[:13]).person_id == 11
        assert str(by_nir(connection, corsican.nir).person_id) == corsican.number
        assert by_nir(connection, "199019900000117") is None
