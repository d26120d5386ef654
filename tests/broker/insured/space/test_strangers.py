"""A registry in which the number of an account names somebody else: nothing leads to their file."""

import pytest

from broker.errors import AccountNotFoundError
from broker.insured.space.arrivals import pay
from tests.broker.insured.space.conftest import SECTOR


@pytest.fixture
def stranger(engine, population, claire, open_account):
    """Claire's account, and its number in the registry given to another: (reference, line)."""
    population.register(engine, claire)
    reference = open_account(claire)
    line = population.other(family_name="BOMBEBETEL", email="ursule@exemple.fr")
    line = line._replace(number=claire.number)
    population.register(engine, line)
    return reference, line


def test_the_space_of_the_account_is_shut(space, stranger):
    """Whoever is logged in reads no payment, no right and no certificate of the other."""
    reference, _line = stranger

    with pytest.raises(AccountNotFoundError):
        space.known(reference, SECTOR)


def test_a_payment_of_the_stranger_is_not_told_to_the_holder(doing, space, stranger, letters):
    """Nor does the stranger, who has no account, get a letter about one."""
    _reference, line = stranger
    row = {
        "person_id": int(line.number),
        "reference": "P-1",
        "paid_on": space.today,
        "care_on": space.today,
        "kind": "doctor",
        "label": "Consultation",
        "spent": 3000,
        "base": 3000,
        "rate": 70,
        "paid": 2100,
    }

    assert doing(pay, space, [row]) == 1
    assert letters.all() == []
