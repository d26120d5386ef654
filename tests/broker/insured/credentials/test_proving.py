"""The password again, before what matters changes."""

import pytest

from broker.errors import AccountNotFoundError
from broker.insured.credentials.proving import Proving
from broker.insured.credentials.registered import holder_of

PASSWORD = "Un-mot-2-passe!"


@pytest.fixture
def prove(classic):
    """`prove(password)`: what it proves of the account that Claire opened."""
    classic.opened()
    with classic.ground.engine.connect() as connection:
        account = holder_of(connection, classic.ground.sealing, classic.nir).id

    def once(password=PASSWORD, account_id=account):
        proving = Proving(classic.ground)
        return classic.do(lambda: proving.by_password(account_id, password, classic.origin))

    return once


def test_the_right_password_proves_the_person(classic, prove):
    """An answer of one word, and a trace."""
    assert prove() == {"result": "right"}
    assert classic.events()[-1] == "password:proven"


def test_a_wrong_password_proves_nothing(classic, prove):
    """The answer of a sign-in that is refused."""
    assert prove("Un-autre-2-passe!") == {"result": "refused"}
    assert classic.events()[-1] == "password:refused"


def test_tries_are_counted_with_those_of_the_door(classic, prove):
    """Four here and one there make five: both wait, and a session is no way around the lockout."""
    for _ in range(4):
        assert prove("faux")["result"] == "refused"
    assert classic.sign_in("faux")["result"] == "wait"

    assert prove()["result"] == "wait"
    assert prove()["retry_after"] == 900
    assert classic.sign_in()["result"] == "wait"


def test_ten_wrong_ones_lock_and_are_told(classic, prove):
    """As at the door, with the same letter."""
    result = ""
    for _ in range(10):
        result = prove("faux")["result"]
        classic.ground.clock.now += 30 * 86_400

    assert result == "locked"
    assert prove()["result"] == "locked"
    assert len(classic.letters("account_locked")) == 1


def test_a_right_one_forgives_the_wrong_ones(prove):
    """Whoever knows it mistypes now and then."""
    for _ in range(3):
        for _ in range(4):
            prove("faux")
        assert prove() == {"result": "right"}


def test_an_account_that_does_not_stand_is_not_found(prove):
    """Closed meanwhile, or never there."""
    with pytest.raises(AccountNotFoundError):
        prove(account_id=10**9)
