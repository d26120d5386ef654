"""Five wrong passwords, then a wait that doubles; ten, then none until a recovery."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.errors import BackChannelLimitError
from broker.insured.credentials.lockout import wait_after
from tests.broker.insured.credentials.conftest import Classic

MINUTE, HOUR = 60, 3600
NOBODY = "2850369383012"
WAITS = [900, 1800, 3600, 7200, 14400]


@pytest.mark.parametrize("nir", [None, NOBODY], ids=["known", "nobody"])
def test_the_answers_to_ten_wrong_passwords(classic, clock, nir):
    """Row 46: the same for a number that is nobody's."""
    classic.opened()
    answers = []
    for _ in range(10):
        answers.append(classic.sign_in("wrong", nir))
        clock.now += answers[-1].get("retry_after", 0)

    refused = [{"result": "refused"}] * 4
    waits = [{"result": "wait", "retry_after": wait} for wait in WAITS]
    assert answers == [*refused, *waits, {"result": "locked"}]
    clock.now += 365 * 24 * HOUR
    assert classic.sign_in(nir=nir) == {"result": "locked"}


def test_during_the_wait_even_the_right_password_waits(classic, clock):
    """It is not looked at, and the try does not count."""
    classic.opened()
    for _ in range(5):
        classic.sign_in("wrong")
    clock.now += 14 * MINUTE
    early = [classic.sign_in() for _ in range(3)]
    clock.now += MINUTE

    assert early == [{"result": "wait", "retry_after": 60}] * 3
    assert classic.sign_in()["result"] == "signed_in"


def test_a_right_password_forgets_the_wrong_ones(classic):
    """Only tries in a row count."""
    classic.opened()
    for _ in range(3):
        for _ in range(4):
            assert classic.sign_in("wrong") == {"result": "refused"}
        assert classic.sign_in()["result"] == "signed_in"


def test_a_lock_is_told_to_the_holder_once(classic, clock):
    """By mail, with the tenth; later tries send nothing."""
    classic.opened()
    for _ in range(14):
        classic.sign_in("wrong")
        clock.now += 12 * HOUR

    assert [one[2] for one in classic.letters("account_locked")] == ["claire.d@exemple.fr"]
    assert classic.events().count("password:locked") == 1


def test_a_lock_holds_on_every_node(classic, opened, database, make_ground, clock):
    """Across processes: the second node counts on where the first one stopped."""
    classic.opened()
    other = Classic(make_ground(opened(database)), classic.nir)
    for node in (classic, other, classic, other):
        assert node.sign_in("wrong") == {"result": "refused"}

    assert classic.sign_in("wrong")["result"] == "wait"
    assert other.sign_in()["result"] == "wait"
    other.ground.engine.dispose()


def test_wrong_passwords_from_one_address_are_limited(lite, clock):
    """One guess for each of many numbers: fifty an hour from one network address."""
    lite.opened()
    for number in range(50):
        lite.sign_in("wrong", f"2850369383{100 + number}")
    with pytest.raises(BackChannelLimitError) as refusal:
        lite.sign_in()

    assert refusal.value.retry_after == HOUR
    assert lite.sign_in(origin="198.51.100.1")["result"] == "signed_in"


def test_right_passwords_of_one_address_are_not_limited(lite):
    """A company behind one address signs in all day."""
    lite.opened()

    assert {lite.sign_in()["result"] for _ in range(60)} == {"signed_in"}


@given(st.integers(0, 10))
@settings(max_examples=11)
def test_each_wait_is_twice_the_one_before(failures):
    """None before the fifth, then 15 minutes, doubling."""
    assert wait_after(failures) == (0 if failures < 5 else 900 * 2 ** (failures - 5))
