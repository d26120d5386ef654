"""What a mock remembers is bounded in number and in time, whatever is put in."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from mock_idps.stores import Shelf, Tail


class Clock:
    """Seconds, moved by hand."""

    now = 0.0

    def __call__(self):
        return self.now


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers()), max_size=60))
def test_a_shelf_never_holds_more_than_its_size(puts):
    """And what it holds is the last value of the youngest keys."""
    shelf = Shelf(Clock(), 10, size=3)
    for key, value in puts:
        shelf.put(key, value)
    last = {}
    for key, value in puts:
        last.pop(key, None)
        last[key] = value

    assert len(shelf) <= 3
    assert {key: shelf.get(key) for key in list(last)[-3:]} == dict(list(last.items())[-3:])


def test_a_thing_is_forgotten_at_its_time():
    """Present a moment before, absent at the very second."""
    clock = Clock()
    shelf = Shelf(clock, 10)
    shelf.put("key", "thing")
    clock.now = 9.9
    before = shelf.get("key")
    clock.now = 10

    assert (before, shelf.get("key"), shelf.take("key")) == ("thing", None, None)


def test_a_thing_is_taken_once_by_one_thread():
    """Twenty threads, one taker."""
    shelf = Shelf(Clock(), 10)
    shelf.put("key", "thing")
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda _: shelf.take("key"), range(20)))

    assert sorted(map(bool, taken)) == [False] * 19 + [True]


def test_a_claim_is_granted_once_until_it_is_old():
    """Used for identifiers that may be seen once."""
    clock = Clock()
    shelf = Shelf(clock, 10)
    first, second = shelf.claim("jti", value=True), shelf.claim("jti", value=True)
    clock.now = 11

    assert (first, second, shelf.claim("jti", value=True)) == (True, False, True)


def test_nothing_is_kept_under_no_name():
    """None is no key."""
    shelf = Shelf(Clock(), 10)

    assert shelf.get(None) is None
    assert shelf.take(None) is None


def test_a_tail_keeps_the_last_things():
    """In order, bounded."""
    tail = Tail(3)
    for number in range(5):
        tail.add(number)

    assert tail.all() == [2, 3, 4]
    assert tail.pop(lambda number: number > 2) == 3
    assert tail.pop(lambda number: number > 9) is None
    assert tail.all() == [2, 4]


def test_what_is_too_old_can_still_be_told_from_what_never_was():
    """Only until something newer takes its room."""
    clock = Clock()
    shelf = Shelf(clock, 10, size=2)
    shelf.put("old", "thing")
    clock.now = 11

    assert (shelf.get("old"), shelf.late("old"), shelf.late("never")) == (None, "thing", None)
    shelf.put("a", "newer")
    shelf.put("b", "newer")
    assert shelf.late("old") is None
