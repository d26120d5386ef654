"""What a provider of identities learns of an account: whose it is, once the password is right."""

import pytest
from sqlalchemy import text

from tests.broker.insured.credentials.conftest import PASSWORD


def test_the_holder_of_an_open_account_is_stated_from_the_file(classic):
    """The pivot identity of the insurer, and a name of the account for this provider alone."""
    reference = classic.opened()
    answer = classic.identity()

    assert answer["result"] == "signed_in"
    assert answer["account_id"] != reference
    assert answer["identity"] == {
        "family_name": "DURAND",
        "given_name": "Claire Anne",
        "birthdate": "1985-03-27",
        "gender": "female",
        "birthplace": "69383",
        "birthcountry": "99100",
        "email": "claire.d@exemple.fr",
    }
    assert (answer["passwordless"], answer["linked_only"]) == (False, False)
    assert classic.events()[-1] == "sign-in:identity:checked"


def test_an_account_opened_by_a_provider_is_said_to_be_so(lite, sqlite_engine):
    """The loop guard: its identity was only ever proven by a login through a provider."""
    lite.opened()
    with sqlite_engine.begin() as tx:
        tx.execute(text("UPDATE account SET origin = 'federation'"))

    assert lite.identity()["linked_only"]


def test_an_account_never_confirmed_is_nobodys(lite):
    """Right password, no identity and no code: the mailbox was not proven."""
    lite.create()
    lite.activate()

    assert lite.identity() == {"result": "refused"}
    assert lite.letters("sign_in_code") == []


def test_nothing_is_stated_of_somebody_deceased(lite, sqlite_engine, registered, with_iban):
    """The account may outlive its holder; an identity may not."""
    lite.opened()
    registered(sqlite_engine, with_iban._replace(deceased="1"))

    assert lite.identity() == {"result": "refused"}
    assert lite.sign_in() == {"result": "refused"}
    lite.recover()
    assert lite.letters("recovery_code") == []


def test_an_account_whose_holder_left_the_file_lets_nobody_in(
    lite, sqlite_engine, registered, population
):
    """As for a login through a provider: nobody knows any more whose it is."""
    lite.opened()
    registered(sqlite_engine, population.other())

    assert lite.identity() == lite.sign_in() == {"result": "refused"}


@pytest.mark.parametrize("typed", [{"password": "x"}, {"nir": "285036938301219"[:13]}])
def test_a_wrong_password_states_nothing(lite, typed):
    """The same words as for a person."""
    lite.opened()

    assert lite.identity(**typed) == {"result": "refused"}


def test_wrong_passwords_count_wherever_they_are_typed(lite):
    """Five at the portal keep the provider out as well."""
    lite.opened()
    for _ in range(5):
        lite.sign_in("wrong")

    assert lite.identity(PASSWORD)["result"] == "wait"
