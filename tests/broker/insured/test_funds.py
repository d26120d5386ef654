"""What a fund is called on a page."""

import re

import pytest

from broker.cog.departments import department_name
from broker.insured.funds import fund_name, fund_order, of_department

CODES = [
    *(f"{number:02d}" for number in range(1, 96) if number != 20),
    "2A",
    "2B",
    *(str(number) for number in range(971, 979)),
]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("CPAM 01", "CPAM de l'Ain"),
        ("CPAM 69", "CPAM du Rhône"),
        ("CPAM 13", "CPAM des Bouches-du-Rhône"),
        ("CPAM 34", "CPAM de l'Hérault"),
        ("CPAM 52", "CPAM de la Haute-Marne"),
        ("CPAM 05", "CPAM des Hautes-Alpes"),
        ("CPAM 37", "CPAM d'Indre-et-Loire"),
        ("CPAM 49", "CPAM de Maine-et-Loire"),
        ("CPAM 75", "CPAM de Paris"),
        ("CPAM 2A", "CPAM de la Corse-du-Sud"),
        ("CPAM 974", "CGSS de La Réunion"),
        ("CPAM 976", "CSS de Mayotte"),
        ("CPAM 977", "CPAM de Saint-Barthélemy"),
        ("CPAM 987", "CPAM de la Polynésie française"),
        ("CPAM 984", "CPAM des Terres australes et antarctiques françaises"),
    ],
)
def test_a_fund_is_called_by_its_department(label, name):
    """A code is no name; the article is the one people say."""
    assert fund_name(label) == name


@pytest.mark.parametrize(
    "label", ["CPAM du Rhône", "CPAM 99", "CPAM 0", "Caisse 01", "CPAM 01 bis", "CPAM 2C", ""]
)
def test_a_label_that_names_no_department_stays_as_it_is(label):
    """Nothing is made up of what is not known, and a name is not renamed."""
    assert fund_name(label) == label


@pytest.mark.parametrize("code", CODES)
def test_every_department_has_an_article_that_can_be_read(code):
    """No `du Ain`, no `de Eure-et-Loir`: a vowel never follows a whole article."""
    name = of_department(department_name(code))

    assert not re.match(r"(?:de|du|de la) [AÂEÉÈIÎOUY]", name)
    assert re.match(r"(?:de |du |des |de la |de l'|d')\w", name)


def test_funds_stand_in_the_order_of_their_departments():
    """People look for `Ain` under A, not under `de l'`; accents do not matter."""
    listed = [
        "CPAM de l'Ain",
        "CPAM de l'Aude",
        "CPAM de la Corse-du-Sud",
        "CPAM d'Eure-et-Loir",
        "CGSS de La Réunion",
        "CPAM de Paris",
        "CPAM du Rhône",
        "CPAM des Yvelines",
        "Une autre caisse",
    ]

    assert sorted(set(listed), key=fund_order) == [*listed[:7], listed[8], listed[7]]
