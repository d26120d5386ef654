"""A new secret frees nobody: what was counted under the older one goes on counting."""

import pytest

from broker.errors import BackChannelLimitError
from broker.insured.credentials.limits import check, once, take
from broker.insured.credentials.lockout import forgive, lockout_key, next_turn, take_turn
from broker.insured.credentials.rules import Limit
from broker.sealing import Sealer

OLD = Sealer("secret-of-the-tests-0123456789abcdef")
NEW = Sealer("another-secret-of-the-tests-0123456789", ["secret-of-the-tests-0123456789abcdef"])
NIR = "285036938312345"
HOUR = 3600.0
FEW = Limit("test", 3, 100)
ONE = Limit("one", 1, 100)


def wrong(engine, sealer, times, now=0.0):
    """So many wrong passwords, each as soon as it is allowed."""
    for _ in range(times):
        with engine.begin() as tx:
            turn = next_turn(tx, lockout_key(sealer, NIR), now)
            now += turn.wait
            take_turn(tx, lockout_key(sealer, NIR), now)
    return now


def test_whoever_is_locked_until_a_recovery_stays_so(engine):
    """Ten wrong passwords, a change of secret, and the next one is not looked at."""
    now = wrong(engine, OLD, 10) + 400 * HOUR
    with engine.begin() as tx:
        turn = take_turn(tx, lockout_key(NEW, NIR), now)

    assert turn.locked
    assert not turn.allowed


def test_a_wait_goes_on_and_the_count_with_it(engine):
    """The sixth wrong password after the change waits as the sixth, not as the first."""
    now = wrong(engine, OLD, 5)
    with engine.begin() as tx:
        waiting = next_turn(tx, lockout_key(NEW, NIR), now + 1)
        later = take_turn(tx, lockout_key(NEW, NIR), now + HOUR)
        after = next_turn(tx, lockout_key(NEW, NIR), now + HOUR)

    assert (waiting.failures, waiting.wait) == (6, 899)
    assert later.allowed
    assert (after.failures, after.wait) == (7, 1800)


def test_a_right_password_forgives_all_of_it(engine):
    """A recovery as well: nothing is left under either secret."""
    now = wrong(engine, OLD, 10)
    with engine.begin() as tx:
        forgive(tx, lockout_key(NEW, NIR))
    with engine.begin() as tx:
        assert next_turn(tx, lockout_key(OLD, NIR), now).failures == 1
        assert take_turn(tx, lockout_key(NEW, NIR), now).failures == 1


def test_uses_before_and_after_the_change_are_one_count(engine):
    """Three in a hundred seconds, whichever secret was in use; each is free after its own time."""
    for sealer, now in ((OLD, 0), (OLD, 10), (NEW, 20)):
        with engine.begin() as tx:
            take(tx, sealer, [(FEW, "somebody")], now)
    with engine.begin() as tx, pytest.raises(BackChannelLimitError) as refusal:
        take(tx, NEW, [(FEW, "somebody")], 30)
    with engine.begin() as tx, pytest.raises(BackChannelLimitError):
        check(tx, NEW, (FEW, "somebody"), 99)
    with engine.begin() as tx:
        take(tx, NEW, [(FEW, "somebody")], 101)

    assert refusal.value.retry_after == 70


def test_what_is_done_once_is_not_done_again_after_the_change(engine):
    """And once more when its time is over."""
    done = []
    for sealer, now in ((OLD, 0), (NEW, 50), (NEW, 100), (NEW, 150)):
        with engine.begin() as tx:
            done.append(once(tx, sealer, (ONE, "somebody"), now))

    assert done == [True, False, True, False]
