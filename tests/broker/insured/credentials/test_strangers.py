"""A registry in which the number of an account names somebody else: no way in is left."""

import pytest

from tests.broker.insured.credentials.conftest import PASSWORD


@pytest.fixture
def stranger(population, claire):
    """Somebody else under Claire's number."""
    other = population.other(family_name="BOMBEBETEL", email="ursule@exemple.fr")
    return other._replace(number=claire.number)


def test_the_right_password_opens_nothing(classic, engine, registered, stranger):
    """Nor does the provider of identities state who the stranger is."""
    classic.opened()
    registered(engine, stranger)

    assert classic.sign_in() == {"result": "refused"}
    assert classic.identity() == {"result": "refused"}


def test_once_the_registry_is_put_right_it_opens_again(
    classic, engine, registered, stranger, with_iban
):
    """Nothing of the account was ended."""
    classic.opened()
    registered(engine, stranger)
    registered(engine, with_iban)

    assert classic.sign_in()["result"] == "signed_in"


def test_no_code_is_sent_to_the_stranger(classic, engine, registered, stranger):
    """Recovery answers as to anybody, and writes to nobody."""
    classic.opened()
    registered(engine, stranger)

    assert classic.recover()["result"] == "asked"
    assert classic.letters("recovery_code") == []


def test_a_link_that_waits_is_dead(classic, engine, registered, stranger):
    """A creation that was begun is not finished on somebody else's file."""
    classic.create()
    registered(engine, stranger)

    assert classic.activate(PASSWORD)["result"] == "unknown"


def test_the_stranger_gets_no_account_in_its_place(classic, engine, registered, stranger):
    """Their form is refused as any that does not fit; the holder is written no letter about it."""
    classic.opened()
    registered(engine, stranger._replace(iban=classic.fields["iban"], iban_since="2015-01-01"))
    fields = {"birth_name": "BOMBEBETEL", "nir": stranger.nir, "email": "ursule@exemple.fr"}

    answer = classic.create(**fields)

    assert (answer["result"], answer["reason"]) == ("refused", "not_matching")
    assert classic.letters("account_exists") == []
