"""Any stretch of time holds so many uses at most, whichever way they are spread."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broker.errors import BackChannelLimitError
from broker.insured.credentials.limits import check, take
from broker.insured.credentials.rules import Limit

FEW = Limit("test", 3, 100)


def uses(engine, sealer, limit, moments, who="somebody"):
    """Which of these moments were let through."""
    passed = []
    for now in moments:
        try:
            with engine.begin() as tx:
                take(tx, sealer, [(limit, who)], now)
        except BackChannelLimitError:
            continue
        passed.append(now)
    return passed


def test_a_limit_slides_with_time(engine, sealer):
    """Each use is free again after its own stretch, not all at once."""
    assert uses(engine, sealer, FEW, [0, 50, 99, 99.5, 100, 101, 150, 151]) == [0, 50, 99, 100, 150]


def test_the_wait_ends_when_the_oldest_use_is_over(engine, sealer):
    """The seconds that are told are enough, and one second less is not."""
    uses(engine, sealer, FEW, [0.5, 50, 60])
    with engine.begin() as tx, pytest.raises(BackChannelLimitError) as refusal:
        take(tx, sealer, [(FEW, "somebody")], 70)

    assert refusal.value.retry_after == 31
    assert uses(engine, sealer, FEW, [70 + 30, 70 + 31]) == [101]


def test_each_has_a_count_of_their_own(engine, sealer):
    """By limit and by whoever is limited."""
    uses(engine, sealer, FEW, [1, 2, 3])

    assert uses(engine, sealer, FEW, [4], "somebody else") == [4]
    assert uses(engine, sealer, Limit("another", 1, 100), [4]) == [4]


def test_looking_counts_nothing(engine, sealer):
    """`check` refuses as `take` would, and leaves the count as it is."""
    uses(engine, sealer, FEW, [1, 2])
    with engine.begin() as tx:
        for _ in range(5):
            check(tx, sealer, (FEW, "somebody"), 3)
    uses(engine, sealer, FEW, [3])
    with engine.begin() as tx, pytest.raises(BackChannelLimitError):
        check(tx, sealer, (FEW, "somebody"), 4)


@given(st.lists(st.floats(0, 400), max_size=15).map(sorted))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_stretch_holds_more_than_the_limit(sqlite_engine, sealer, moments):
    """For any moments: at most three in any hundred seconds, and none refused without need."""
    with sqlite_engine.begin() as tx:
        tx.exec_driver_sql("DELETE FROM use_limit")
    passed = uses(sqlite_engine, sealer, FEW, moments)

    for at in moments:
        recent = [one for one in passed if at - 100 < one <= at]
        assert len(recent) <= 3
    refused = [at for at in moments if at not in passed]
    assert all(len([p for p in passed if at - 100 < p <= at]) == 3 for at in refused)
