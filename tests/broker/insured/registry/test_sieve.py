"""Thousands of rows are sifted by a cheap measure; whoever was meant is among those that stay."""

from random import Random

import pytest

from broker.insured.matching.keys import place_key
from broker.insured.matching.traits import Trait
from broker.insured.registry.sieve import KEPT, Sieve
from providers.identity import Gender, PartialDate, PivotIdentity

ASKED = PivotIdentity(
    "Le Gall", ("Anne", "Marie"), PartialDate(1985, 3, 2), Gender.FEMALE, "69123", "99100"
)
ALL = frozenset(Trait)


def row(
    number, family="LE GALL", given="ANNE|MARIE", usage=None, date=19850302, sex=2, place="69123"
):
    """A row of SIFTED."""
    return (number, family, given, usage, date, sex, 0, 0, 0, 0, place_key(place, "99100"))


def order(*rows, known=ALL, bearers=()):
    """The numbers of the rows, nearest first."""
    return [one[0] for one in Sieve(ASKED, known).nearest(rows, bearers)]


@pytest.mark.parametrize(
    "equivalent",
    [{"family": "LEGALL"}, {"place": "69381"}, {"given": "ANNE-MARIE"}, {"given": "Anne|Lucie"}],
)
def test_what_may_be_equivalent_is_not_far(equivalent):
    """The sieve lets pass whatever a comparison in earnest could find equal."""
    near, far = row(2, **equivalent), row(1, given="ANNA|MARIE")

    assert order(far, near) == [2, 1]


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        ({"family": "LE GAL"}, {"family": "DURAND"}),
        ({"given": "ANNIE"}, {"given": "BRIGITTE"}),
        ({"date": 19850303}, {"date": 19491127}),
        ({"family": "LE GAL"}, {"family": "LE GAL", "given": "ANNIE"}),
        ({"sex": 1}, {"place": "75056"}),
        ({"family": "DURAND", "usage": "Le Gall"}, {"family": "LE GAL"}),
        ({"date": 19850302}, {"date": 19850300}),
    ],
)
def test_fewer_edits_are_nearer(nearer, farther):
    """Edits of names and dates, one for each trait that differs, and little for a usage name."""
    assert order(row(1, **farther), row(2, **nearer)) == [2, 1]


def test_who_once_bore_the_name_is_near():
    """A former name stands for the birth name."""
    assert order(row(1, family="DURAND"), row(2, family="MOREAU"), bearers={2}) == [2, 1]
    assert order(row(1, family="DURAND"), row(2, family="MOREAU")) == [1, 2]


def test_a_trait_nobody_said_does_not_count():
    """Without a date, another date is no distance: the number decides."""
    said = ALL - {Trait.BIRTHDATE}

    assert order(row(2), row(1, date=19491127), known=said) == [1, 2]
    assert order(row(2), row(1, date=19491127)) == [2, 1]


def test_of_thousands_the_nearest_stay():
    """The person meant, with two slips, in a crowd of two thousand who share the name."""
    dice = Random(36)
    others = [(dice.choice(("PAUL", "LUC", "EVE")), dice.randrange(99)) for _ in range(2000)]
    crowd = [
        row(number, given=given, date=19000101 + age * 10000)
        for number, (given, age) in enumerate(others, 2)
    ]
    kept = order(*crowd, row(1, given="ANNA|MARIE", date=19850303))

    assert len(kept) == KEPT
    assert kept[0] == 1
    assert order(*crowd[::-1], row(1, given="ANNA|MARIE", date=19850303)) == kept
