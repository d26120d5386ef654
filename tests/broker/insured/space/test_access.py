"""The ways into an account, and its end."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from broker.errors import AccountNotFoundError, LastWayInError, LinkNotFoundError
from broker.insured.credentials.accounts import set_password
from broker.insured.schema import ACCOUNT, LINK
from broker.insured.space.access import close, unlink, ways_in
from broker.insured.space.alerts import choose

SECTOR = "portal.example"


@pytest.fixture
def two_ways(engine, population, claire, open_account, space):
    """Claire, whose account is linked to two providers."""
    population.register(engine, claire)
    return space.tenant(open_account(claire, links=("tax", "postal")), SECTOR)


def numbers(finding, space, tenant):
    return [one["number"] for one in finding(ways_in, space, tenant)["links"]]


def test_every_way_in_is_told(finding, space, two_ways, passwords):
    """Links with their dates, and since when there is a password."""
    ways = finding(ways_in, space, two_ways)
    assert [one["provider"] for one in ways["links"]] == ["tax", "postal"]
    assert ways["password_since"] is None
    passwords.chosen[two_ways.account_id] = 1_772_000_000.0

    assert finding(ways_in, space, two_ways)["password_since"] == "2026-02-25T06:13:20+00:00"


def test_a_link_is_removed_when_another_is_left(doing, finding, space, two_ways):
    """The one that was named, and no other."""
    first, second = numbers(finding, space, two_ways)

    assert doing(unlink, space, two_ways, first) == {"provider": "tax"}
    assert numbers(finding, space, two_ways) == [second]


def test_the_last_way_in_is_kept(doing, finding, space, two_ways):
    """Without a password, the last link cannot be removed."""
    first, second = numbers(finding, space, two_ways)
    doing(unlink, space, two_ways, first)
    with pytest.raises(LastWayInError):
        doing(unlink, space, two_ways, second)

    assert numbers(finding, space, two_ways) == [second]


def test_a_password_is_a_way_in_too(doing, engine, finding, space, two_ways, passwords):
    """With one, every link may go; the account may then be linked again as a classic one."""
    passwords.chosen[two_ways.account_id] = 1.0
    for number in numbers(finding, space, two_ways):
        doing(unlink, space, two_ways, number)

    assert numbers(finding, space, two_ways) == []
    with engine.connect() as connection:
        assert connection.execute(select(ACCOUNT.c.linked_at)).scalar_one() is None


def test_two_tabs_cannot_remove_both_links(engine, finding, space, two_ways):
    """Each sees the other's link at first; the account is held until one is done."""

    def remove(number):
        try:
            with engine.begin() as tx:
                return bool(unlink(tx, space, two_ways, number))
        except LastWayInError:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, numbers(finding, space, two_ways)))

    assert sorted(done) == [False, True]
    assert len(numbers(finding, space, two_ways)) == 1


def test_a_link_of_another_account_is_not_found(
    doing, engine, finding, space, population, claire, open_account
):
    """The number of a neighbour's link removes nothing."""
    other = population.other()
    population.register(engine, claire, other)
    mine = space.tenant(open_account(claire, links=("tax", "msa")), SECTOR)
    theirs = space.tenant(open_account(other, email="autre@exemple.fr"), SECTOR)
    (number,) = numbers(finding, space, theirs)

    for wrong in (number, 0, 10**12):
        with pytest.raises(LinkNotFoundError):
            doing(unlink, space, mine, wrong)
    assert numbers(finding, space, theirs) == [number]


@pytest.mark.parametrize("asked", [False, True])
def test_the_holder_is_told_that_a_way_in_went(doing, finding, space, two_ways, letters, asked):
    """S143: whatever the alerts, at the mailbox and on the mobile."""
    doing(choose, two_ways.account_id, alert_contact=asked)
    doing(unlink, space, two_ways, numbers(finding, space, two_ways)[0])

    assert letters.names() == ["way_removed", "way_removed"]


def test_a_closed_account_is_closed_for_good(doing, engine, space, two_ways, letters, clock, count):
    """Status, links, password: nothing opens it again, and its address is told."""
    doing(set_password, two_ways.account_id, "a hash", "fr", 1.0)
    assert doing(close, space, two_ways) == {"status": "closed"}

    with engine.connect() as connection:
        account = connection.execute(select(ACCOUNT)).one()
        assert connection.execute(select(LINK)).all() == []
    assert (account.status, account.ended_at) == ("closed", clock.now)
    assert count("credential") == 0
    assert letters.names() == ["account_closed", "account_closed"]
    with pytest.raises(AccountNotFoundError):
        space.tenant(two_ways.reference, SECTOR)
    with pytest.raises(AccountNotFoundError):
        doing(close, space, two_ways)


def test_another_account_may_be_opened_after_one_was_closed(
    doing, space, two_ways, claire, open_account
):
    """Person, number and address are free again."""
    doing(close, space, two_ways)
    again = space.tenant(open_account(claire), SECTOR)

    assert again.person_id == two_ways.person_id
    assert again.account_id != two_ways.account_id


@pytest.mark.parametrize("status", ["locked", "deactivated", "pending"])
def test_an_account_that_is_not_active_has_no_space(
    engine, space, population, claire, open_account, status
):
    """Its summary may be read, and nothing else."""
    population.register(engine, claire)
    reference = open_account(claire, status=status)

    assert space.known(reference, SECTOR)[1] == status
    with pytest.raises(AccountNotFoundError):
        space.tenant(reference, SECTOR)


def test_a_reference_is_worth_nothing_in_another_sector(space, tenant):
    """What one service was told names nobody for the next."""
    with pytest.raises(AccountNotFoundError):
        space.tenant(tenant.reference, "other.example")
    with pytest.raises(AccountNotFoundError):
        space.known("no-such-reference", SECTOR)
