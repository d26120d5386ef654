"""What the portal reads of an account over the back channel."""

import pytest
from sqlalchemy import update

from broker.insured.accounts.facts import AccountBar
from broker.insured.accounts.summary import account, is_active
from broker.insured.schema import ACCOUNT

AMELI, OTHER = "ameli.exemple", "mutuelle.exemple"


@pytest.fixture
def reference(engine, population, claire, accounts, arriving):
    population.register(engine, claire._replace(usage_name="PETIT"))
    return accounts.settle(arriving(), AMELI).account_id


def test_the_summary_shows_the_holder_and_masks_the_rest(engine, sealer, reference):
    """Names and rights as the registry has them; NIR, e-mail and mobile only masked."""
    assert account(engine, sealer, reference, AMELI) == {
        "account_id": reference,
        "status": "active",
        "created_at": "2026-03-01T11:00:00+00:00",
        "holder": {
            "family_name": "DURAND",
            "usage_name": "PETIT",
            "given_names": ["Claire", "Anne"],
            "birthdate": "1985-03-27",
        },
        "nir_masked": "2 85 03 •• ••• ••• ••",
        "rights": {"open": True, "scheme": "general", "fund": "CPAM du Rhône"},
        "links": [{"provider": "tax", "linked_at": "2026-03-01T11:00:00+00:00", "match": "exact"}],
        "contact": {
            "email_masked": "c•••••@exemple.fr",
            "mobile_masked": "•• •• •• •• 01",
        },
    }


def test_an_account_without_contact_or_record_is_still_told(
    engine, sealer, population, accounts, arriving, claire
):
    """Missing data is null, a record that is gone has no holder and no rights."""
    population.register(engine, claire._replace(email="", mobile="", fund=""))
    reference = accounts.settle(arriving(email=None), AMELI).account_id
    assert account(engine, sealer, reference, AMELI)["rights"]["fund"] is None
    population.register(engine, population.other(family_name="PETIT"))
    summary = account(engine, sealer, reference, AMELI)

    assert summary["holder"] is None
    assert summary["rights"] == {"open": False, "scheme": None, "fund": None}
    assert summary["contact"] == {"email_masked": None, "mobile_masked": None}


@pytest.mark.parametrize("asked", [("unknown", AMELI), (None, OTHER)])
def test_a_reference_of_another_sector_is_unknown(engine, sealer, reference, asked):
    """A service reads only accounts that were given to its own sector."""
    name, sector = asked

    assert account(engine, sealer, name or reference, sector) is None


def test_a_deactivated_account_is_closed_to_logins_and_tokens(
    engine, sealer, reference, accounts, arriving
):
    """Row 11: deactivation counts at once."""
    with engine.begin() as tx:
        tx.execute(update(ACCOUNT).values(status="deactivated", ended_at=5.0))

    with engine.connect() as connection:
        assert not is_active(connection, sealer, reference, AMELI)
    assert accounts.settle(arriving(), AMELI).verdict is AccountBar.DEACTIVATED
    assert account(engine, sealer, reference, AMELI)["status"] == "deactivated"


def test_an_active_account_is_active_for_its_sector_only(engine, sealer, reference):
    """The check made for every token."""
    with engine.connect() as connection:
        assert is_active(connection, sealer, reference, AMELI)
        assert not is_active(connection, sealer, reference, OTHER)


@pytest.mark.parametrize("traits", [{}, {"family_name": "BOMBEBETEL", "given_names": "Ursule"}])
def test_nothing_is_told_of_whoever_has_the_number_now(
    engine, sealer, reference, population, claire, traits
):
    """A registry that gives the number to somebody else: neither their name nor their rights."""
    stranger = population.other(**traits)._replace(number=claire.number)
    population.register(engine, stranger)

    assert account(engine, sealer, reference, AMELI) is None
    with engine.connect() as connection:
        assert not is_active(connection, sealer, reference, AMELI)


def test_a_registry_that_is_put_right_gives_the_account_back(
    engine, sealer, reference, population, claire
):
    """Nothing was ended meanwhile; nor is a NIR that the record explains anybody else's."""
    population.register(engine, population.other()._replace(number=claire.number))
    corrected = population.other()._replace(number=claire.number, former_nirs=claire.nir)
    population.register(engine, corrected)

    assert account(engine, sealer, reference, AMELI)["status"] == "active"
