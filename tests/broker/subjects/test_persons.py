"""Who is one person for the services, and who is another."""

from dataclasses import replace

import pytest

from broker.sealing import Sealer
from broker.subjects.persons import Persons, traits_text
from providers.identity import Gender, PartialDate, PivotIdentity

CLAIRE = PivotIdentity(
    family_name="Le Roy",
    given_names=("Anne-Marie", "Élise"),
    birthdate=PartialDate(1985, 3, 27),
    gender=Gender.FEMALE,
    birthplace="69383",
    birthcountry="99100",
    tokens_given=True,
)


@pytest.mark.parametrize(
    "changes",
    [
        {"family_name": "LE  ROY"},
        {"family_name": "le-roy"},
        {"given_names": ("ANNE MARIE", "ELISE")},
        {"given_names": ("Anne\N{EN DASH}Marie", "Élise")},
        {"usage_name": "Petit", "email": "a@exemple.fr"},
    ],
)
def test_another_way_of_writing_is_the_same_person(changes):
    """Case, accents, the kind of separator, and what is no trait."""
    assert traits_text(replace(CLAIRE, **changes)) == traits_text(CLAIRE)


@pytest.mark.parametrize(
    "changes",
    [
        {"family_name": "Leroy"},
        {"given_names": ("Anne", "Marie", "Élise")},
        {"given_names": ("Anne", "Marie-Élise")},
        {"given_names": ("Anne-Marie-Élise",)},
        {"given_names": ("Anne-Marie",)},
        {"given_names": ("Élise", "Anne-Marie")},
        {"birthdate": PartialDate(1985, 3, 28)},
        {"birthdate": PartialDate(1985, 3, 0)},
        {"gender": Gender.MALE},
        {"birthplace": "69382"},
        {"birthplace": None, "birthcountry": "99352"},
    ],
)
def test_another_trait_is_another_person(changes):
    """Where one first name ends included: JEAN-PIERRE and JEAN, PIERRE are often twins."""
    assert traits_text(replace(CLAIRE, **changes)) != traits_text(CLAIRE)


def test_words_of_a_provider_without_list_are_names(engine):
    """`Anne-Marie Élise` in one text is the same person as in a list."""
    persons = Persons(Sealer("secret-of-the-tests-0123456789abcdef"), lambda: 0.0)
    words = replace(CLAIRE, tokens_given=False)

    with engine.begin() as tx:
        listed = persons.arrive(tx, CLAIRE, "https://tax.example", "1")
        assert persons.arrive(tx, words, "https://post.example", "2") == listed
