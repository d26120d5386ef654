"""
Row 46: somebody and nobody cost the same.

Counted in what takes time, passwords hashed and statements sent to the database, for a clock on a
busy machine proves nothing.
"""

import pytest
from sqlalchemy import event, text

NOBODY = "2850369383012"


@pytest.fixture
def cost(lite, sqlite_engine):
    """Passwords hashed and statements sent by one step."""

    def measure(step):
        statements = []

        def note(*facts):
            statements.append(facts[2].split(" ", 1)[0])

        hashing, before = lite.count_hashes(), lite.ground.hashing._turn
        event.listen(sqlite_engine, "before_cursor_execute", note)
        answer = step()
        event.remove(sqlite_engine, "before_cursor_execute", note)
        assert before is lite.ground.hashing._turn
        return hashing.count, statements, answer

    return measure


def federated(lite, sqlite_engine):
    lite.opened()
    with sqlite_engine.begin() as tx:
        tx.execute(text("DELETE FROM credential"))


KNOWN = {
    "an open account": lambda lite, _: lite.opened(),
    "an account without password": federated,
    "a creation without password": lambda lite, _: lite.create(),
    "no account": lambda *_: None,
}


@pytest.mark.parametrize("before", KNOWN.values(), ids=KNOWN)
def test_a_wrong_password_costs_what_nobody_costs(lite, sqlite_engine, cost, before):
    """Row 46: one hash each, and the same statements, whatever is behind the number."""
    before(lite, sqlite_engine)
    somebody = cost(lambda: lite.sign_in("wrong"))
    nobody = cost(lambda: lite.sign_in("wrong", NOBODY))

    assert somebody == nobody
    assert somebody[0] == 1


@pytest.mark.parametrize("tries", [5, 7])
def test_a_wait_costs_what_the_wait_of_nobody_costs(lite, cost, tries):
    """Row 46: no hash at all, known or not."""
    lite.opened()
    for _ in range(tries):
        lite.sign_in("wrong")
        lite.sign_in("wrong", NOBODY)

    assert cost(lite.sign_in) == cost(lambda: lite.sign_in(nir=NOBODY))


def test_asking_for_a_code_hashes_no_password(lite, cost):
    """Row 46: a known person costs one message more, which is a single insertion."""
    lite.opened()
    hashes, known, _ = cost(lite.recover)
    none, unknown, _ = cost(lambda: lite.recover(nir=NOBODY, origin="192.0.2.2"))

    assert (hashes, none) == (0, 0)
    assert abs(len(known) - len(unknown)) <= 4
    assert known.count("INSERT") - unknown.count("INSERT") == 1


def test_a_wrong_code_costs_what_the_code_of_nobody_costs(lite, cost):
    """Row 46: the request of a stranger is stored like the request of a person."""
    lite.opened()
    handles = [lite.recover()["recovery"], lite.recover(nir=NOBODY)["recovery"]]
    costs = [cost(lambda h=handle: lite.redeem(h, "AAAAAAAA")) for handle in handles]

    assert costs[0] == costs[1]
    assert costs[0][0] == 0


def test_a_mismatch_costs_what_nobody_costs(lite, cost):
    """Row 46: a form with one wrong field, or with a number that is nobody's."""
    lite.opened()
    forms = [
        {"birth_name": "X"},
        {"postal_code": "69004"},
        {"nir": NOBODY},
        {},
    ]
    costs = [cost(lambda f=form: lite.create(origin=str(f), **f)) for form in forms]

    assert [values["language"] for *_, values in lite.letters("account_exists")] == ["fr"]
    assert all(one == costs[0] for one in costs)
    assert costs[0][2] == {"result": "refused", "reason": "not_matching"}


def test_a_letter_to_the_holder_costs_what_no_letter_costs(lite, cost):
    """Row 46: the first form of a day, which is told to the holder, and those after it."""
    lite.opened()
    forms = [{}, {}, {"birth_name": "X"}, {"birth_name": "X"}, {}]
    origins = [f"192.0.2.{number}" for number in range(len(forms))]
    costs = [
        cost(lambda f=form, o=origin: lite.create(origin=o, **f))
        for form, origin in zip(forms, origins, strict=True)
    ]

    assert all(one == costs[0] for one in costs)
    assert len(lite.letters("account_exists")) == 1
