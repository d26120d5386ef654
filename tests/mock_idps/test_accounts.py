"""Accounts kept elsewhere: how the mock asks, and what it makes of each answer."""

import pytest
from flask import Flask, jsonify, request

from mock_idps.accounts import AccountsElsewhere, AccountsTable
from sandbox.network import Network

KEEPER = "http://keeper.test"
SECRET = "a-secret-for-tests-only-0123456789abcdef"
TABLE = AccountsTable(
    url=f"{KEEPER}/identity-checks",
    token_endpoint=f"{KEEPER}/token",
    client_id="mock",
    client_secret=SECRET,
)
CLAIRE = {"family_name": "DURAND", "given_name": "Claire Anne"}


class Keeper:
    """Keeps one account, and remembers what it was asked."""

    def __init__(self):
        self.answer = {
            "result": "signed_in",
            "identity": CLAIRE,
            "account_id": "account-7",
            "linked_only": False,
        }
        self.tokens, self.valid, self.asked = [], set(), []
        self.app = Flask("keeper")
        self.app.add_url_rule("/token", "token", self.token, methods=["POST"])
        self.app.add_url_rule("/identity-checks", "check", self.check, methods=["POST"])

    def token(self):
        basic = request.authorization
        assert (basic.username, basic.password) == ("mock", SECRET)
        assert request.form["grant_type"] == "client_credentials"
        self.tokens.append(f"token-{len(self.tokens)}")
        self.valid = {self.tokens[-1]}
        return jsonify(access_token=self.tokens[-1], expires_in=600, token_type="Bearer")

    def check(self):
        if request.headers["Authorization"].removeprefix("Bearer ") not in self.valid:
            return jsonify(error="invalid_token"), 401
        self.asked.append((request.json, request.headers["Idempotency-Key"]))
        return jsonify(self.answer)


@pytest.fixture
def keeper():
    return Keeper()


@pytest.fixture
def network(keeper):
    network = Network()
    network.attach(KEEPER, keeper.app)
    return network


@pytest.fixture
def now():
    return [1_000_000.0]


@pytest.fixture
def check(network, now):
    numbers = iter(range(1, 100))
    return AccountsElsewhere(
        TABLE, network.session(), lambda: now[0], lambda size: next(numbers).to_bytes(size, "big")
    )


def test_the_holder_of_an_account_is_described(check, keeper):
    """Traits of the holder, the account as subject; number, password and origin were sent once."""
    checked = check("2850369383001", "right", "192.0.2.7")

    assert checked.traits == {**CLAIRE, "sub": "account-7"}
    question, key = keeper.asked[0]
    assert question == {"nir": "2850369383001", "password": "right", "origin": "192.0.2.7"}
    assert len(key) == 32


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"result": "refused"}, "wrong"),
        ({"result": "wait", "retry_after": 60}, "wait"),
        ({"result": "locked"}, "locked"),
        ({"result": "something new"}, "wrong"),
        ({}, "wrong"),
        (
            {"result": "signed_in", "identity": CLAIRE, "account_id": "a", "linked_only": True},
            "borrowed",
        ),
        ({"result": "signed_in", "account_id": "a"}, "away"),
    ],
)
def test_every_other_answer_signs_nobody_in(check, keeper, answer, problem):
    """A refusal, a wait, a lock, an account that only others vouch for, an answer cut short."""
    keeper.answer = answer
    checked = check("2850369383001", "right", "")

    assert checked.traits is None
    assert checked.problem == problem


def test_its_own_token_is_kept_until_it_is_about_to_expire(check, keeper, now):
    """Two checks, one token; ten minutes later another one."""
    for _ in range(2):
        check("2850369383001", "right", "")
    assert keeper.tokens == ["token-0"]
    now[0] += 571
    check("2850369383001", "right", "")

    assert keeper.tokens == ["token-0", "token-1"]


def test_a_revoked_token_is_asked_for_once_more(check, keeper):
    """The check that found it revoked is answered all the same."""
    check("2850369383001", "right", "")
    keeper.valid.clear()

    assert check("2850369383001", "right", "").traits["sub"] == "account-7"


def test_each_check_has_a_key_of_its_own(check, keeper):
    """Two tries of one person are two questions."""
    for _ in range(2):
        check("2850369383001", "right", "")

    assert len({key for _, key in keeper.asked}) == 2


@pytest.mark.parametrize("reason", ["unreachable", "slow"])
def test_without_the_keeper_nobody_signs_in(check, network, reason):
    """The page says that the accounts are out of reach, not that the password is wrong."""
    network.take_down(KEEPER, reason)

    assert check("2850369383001", "right", "").problem == "away"


def test_the_secret_is_not_shown():
    """Settings may be printed."""
    assert SECRET not in repr(TABLE)
