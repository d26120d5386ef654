"""Many logins at once: the constraints of the database decide, and everybody gets an answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from broker.insured.accounts.facts import Result

AMELI = "ameli.exemple"
LOGINS = 100


@pytest.fixture(autouse=True)
def registry(engine, population, claire):
    population.register(engine, claire)


def together(logins):
    """Run the logins at the same moment, each in a thread."""
    barrier = Barrier(len(logins))

    def run(login):
        barrier.wait()
        return login()

    with ThreadPoolExecutor(len(logins)) as threads:
        return list(threads.map(run, logins))


def test_a_hundred_logins_of_one_person_give_one_account(accounts, arriving, count):
    """Whoever comes first creates, all others find the same account, link and reference."""
    results = together([lambda: accounts.settle(arriving(), AMELI)] * LOGINS)

    assert sorted(one.result for one in results) == [Result.CREATED] + [Result.EXISTING] * 99
    assert len({one.account_id for one in results}) == 1
    tables = ("account", "link", "account_reference", "outbox")
    assert [count(table) for table in tables] == [1, 1, 1, 1]


def test_logins_through_many_providers_at_once_give_one_account(accounts, arriving, count):
    """One person through twenty providers at the same moment: one account with twenty links."""
    arrivals = [arriving(issuer=f"https://{n}.exemple") for n in range(20)]
    results = together([lambda a=a: accounts.settle(a, AMELI) for a in arrivals])

    assert [one.result for one in results].count(Result.CREATED) == 1
    assert len({one.account_id for one in results}) == 1
    assert [count("account"), count("link")] == [1, 20]


def test_two_persons_claiming_one_record_at_once_get_one_account_and_one_refusal(
    accounts, arriving, count
):
    """D11 holds in a race: one of ten persons with these traits wins, nine see the advisor."""
    arrivals = [arriving(subject=f"s{n}", person=f"p{n}") for n in range(10)]
    results = together([lambda a=a: accounts.settle(a, AMELI) for a in arrivals])

    assert sorted(one.result for one in results) == [Result.CREATED] + [Result.REFUSED] * 9
    assert len({one.case for one in results if one.case}) == 9
    assert [count("account"), count("link")] == [1, 1]


def test_two_persons_claiming_one_classic_account_at_once_give_one_link(
    accounts, arriving, count, classic
):
    """D11 holds for an account opened by the form: no constraint, a conditional update decides."""
    classic()
    arrivals = [arriving(subject=f"s{n}", person=f"p{n}") for n in range(10)]
    results = together([lambda a=a: accounts.settle(a, AMELI) for a in arrivals])

    assert sorted(one.result for one in results) == [Result.LINKED] + [Result.REFUSED] * 9
    assert [count("account"), count("link")] == [1, 1]


def test_two_persons_racing_for_one_email_both_get_an_account(
    accounts, arriving, population, engine, count
):
    """D12 in a race: one keeps the address, the other is asked for another."""
    names = ["PETIT", "ROUX", "FAURE", "MERCIER"]
    population.register(engine, *(population.other(family_name=name) for name in names))
    arrivals = [arriving(family_name=name, subject=name, person=name) for name in names]
    results = together([lambda a=a: accounts.settle(a, AMELI) for a in arrivals])

    assert {one.result for one in results} == {Result.CREATED}
    assert sorted(one.email_conflict for one in results) == [False, True, True, True]
    assert count("account WHERE email_index IS NOT NULL") == 1
