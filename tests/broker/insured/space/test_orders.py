"""Orders of a carte Vitale (S16, S158): one open at a time, counted in working days."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.errors import OrderOpenError, OrderTooFarError
from broker.insured.space.days import working_days_since
from broker.insured.space.orders import close_order, open_order, order_card, orders, stage_of
from broker.working_days import after_working_days, is_working_day

DAY = 86_400


def at(year, month, day):
    return datetime(year, month, day, 11, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("reason", ["loss", "deterioration"])
def test_a_card_is_ordered_for_two_reasons(doing, finding, space, tenant, reason):
    """S158: lost or damaged; the order is then open."""
    doing(order_card, space, tenant, reason)
    order = finding(open_order, tenant.person_id, space.today)

    assert (order["reason"], order["stage"]) == (reason, "prepared")
    assert order["ordered_at"] == "2026-03-01T11:00:00+00:00"
    assert order["expected_on"] == "2026-03-19"


def test_the_holder_is_told_of_an_order_in_any_case(doing, space, tenant, letters):
    """A card that somebody else ordered stops the one that is in use."""
    doing(order_card, space, tenant, "loss")
    with pytest.raises(OrderOpenError):
        doing(order_card, space, tenant, "loss")

    told = [(name, content["to"]) for name, content in letters.all()]
    assert told == [("card_ordered", "claire@exemple.fr"), ("card_ordered", "+33639010001")]


def test_a_second_order_is_refused_while_one_is_open(doing, finding, space, tenant):
    """The database allows one open order a person."""
    doing(order_card, space, tenant, "loss")
    with pytest.raises(OrderOpenError):
        doing(order_card, space, tenant, "deterioration")

    assert len(finding(orders, tenant.person_id, space.today)) == 1


def test_twenty_orders_at_once_are_one(engine, finding, space, tenant):
    """Whatever the number of clicks, browsers or nodes."""

    def order(_number):
        try:
            with engine.begin() as tx:
                return bool(order_card(tx, space, tenant, "loss"))
        except OrderOpenError:
            return False

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(order, range(20)))

    assert done.count(True) == 1
    assert len(finding(orders, tenant.person_id, space.today)) == 1


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 4, 30), "prepared"),
        (date(2026, 5, 4), "prepared"),  # the 1st of May and a weekend do not count
        (date(2026, 5, 5), "prepared"),
        (date(2026, 5, 6), "made"),
        (date(2026, 5, 19), "made"),  # nor do the 8th and Ascension Day, the 14th
        (date(2026, 5, 20), "posted"),
        (date(2026, 9, 1), "posted"),
    ],
)
def test_stages_are_counted_in_working_days(today, stage):
    """Prepared for two, made until the tenth, then in the post; holidays do not count."""
    assert stage_of(at(2026, 4, 30), today) == stage


def test_an_order_is_cancelled_while_it_is_prepared(doing, finding, space, tenant, clock):
    """Later the card is being made; after that another may be ordered only when it came."""
    doing(order_card, space, tenant, "loss")
    doing(close_order, space, tenant, "cancelled")
    assert finding(open_order, tenant.person_id, space.today) is None

    doing(order_card, space, tenant, "loss")
    clock.now += 9 * DAY
    with pytest.raises(OrderTooFarError):
        doing(close_order, space, tenant, "cancelled")


def test_a_received_card_closes_its_order(doing, finding, space, tenant, clock):
    """Not before it can have been made; afterwards the next one may be ordered."""
    doing(order_card, space, tenant, "loss")
    with pytest.raises(OrderTooFarError):
        doing(close_order, space, tenant, "received")
    clock.now += 20 * DAY
    doing(close_order, space, tenant, "received")
    doing(order_card, space, tenant, "deterioration")

    assert [one["stage"] for one in finding(orders, tenant.person_id, space.today)] == [
        "prepared",
        "received",
    ]


def test_nothing_open_cannot_be_closed(doing, space, tenant):
    """A button of an old page does nothing."""
    with pytest.raises(OrderTooFarError):
        doing(close_order, space, tenant, "received")


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 30))
def test_so_many_working_days_later_is_so_many_working_days_away(day, count):
    """Counting forward and counting what passed agree, and always end on a working day."""
    later = after_working_days(day, count)

    assert is_working_day(later)
    assert working_days_since(day, later) == count
