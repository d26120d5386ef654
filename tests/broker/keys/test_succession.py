"""Somebody signs at every moment: whatever is rotated or retired, in whatever order."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from broker.audit.journal import Journal
from broker.keys.ring import ALGORITHMS, SIGNING_KEY, KeyRing
from broker.sealing import Sealer

SEALER = Sealer("a-secret-of-the-tests-0123456789abcdef")
KEEP = 720
DAY = 86_400
YEAR = 365 * DAY


class Now:
    """A clock that is moved by hand."""

    def __init__(self):
        self.at = 1_000_000.0

    def __call__(self):
        return self.at


class Node:
    """One broker on the database of a test."""

    def __init__(self, engine, now):
        self.engine, self.now = engine, now
        self.ring, self.journal = KeyRing(engine, SEALER, now), Journal(now)
        self.ring.ensure(self.journal)

    def rotate(self, lead, keep=KEEP, alg="ES256"):
        return self.ring.rotate(alg, lead, keep, self.journal)

    def retire(self, kid):
        return self.ring.retire(kid, self.journal)

    def of(self, alg="ES256"):
        return [key for key in self.ring.everything() if key.alg == alg]

    def signing(self, at, alg="ES256"):
        """The names of the keys that sign at that moment."""
        return [key.kid for key in self.of(alg) if key.signs_at(at)]

    def state(self, kid):
        return next(key.state_at(self.now()) for key in self.of() if key.kid == kid)


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def node(engine, now):
    """One node; another one on the same database is made with `Node`."""
    return Node(engine, now)


def moments(node):
    """Now, every moment at which something changes, just before each, and far away."""
    times = [t for key in node.ring.everything() for t in (key.signs_from, key.signs_until) if t]
    later = {t + shift for t in times for shift in (-0.5, 0.0) if t + shift >= node.now()}
    return {node.now(), node.now() + 100 * YEAR} | later


def assert_somebody_signs(node):
    for at in moments(node):
        for alg in ALGORITHMS:
            signing = [key for key in node.of(alg) if key.signs_at(at)]
            assert len(signing) == 1, at
            assert signing[0].published_at(at)
    assert node.ring.current("ES256").kid in node.signing(node.now())
    assert node.ring.current("ES256").kid in node.ring.kids()


ACTS = st.one_of(
    st.tuples(st.just("rotate"), st.sampled_from([0, 1, 60, 3600, DAY]), st.integers(1, 2 * KEEP)),
    st.tuples(st.just("retire"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.sampled_from([0.5, 1.0, 59.0, 60.0, 3600.0, 2.0 * DAY])),
    st.tuples(st.just("restart")),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, max_size=12))
def test_at_every_moment_exactly_one_key_signs_and_it_is_published(engine, now, base, acts):
    """After any sequence of rotations, retirements, restarts and waiting, and for ever after."""
    start_again(engine, base)
    node = Node(engine, now)
    for name, *how in acts:
        if name == "rotate":
            node.rotate(*how)
        elif name == "retire":
            _retire_some(node, *how)
        elif name == "wait":
            now.at += how[0]
        else:
            node = Node(engine, now)
        assert_somebody_signs(node)


def _retire_some(node, number):
    """One of the keys there are; the only one that signs is refused and stays."""
    keys = node.of()
    wanted = keys[number % len(keys)]
    others = [key for key in keys if key is not wanted and key.lives_at(node.now())]
    if others or wanted.retired:
        assert node.retire(wanted.kid)
        assert node.state(wanted.kid) == "retired"
    else:
        with pytest.raises(ValueError, match="only key that signs"):
            node.retire(wanted.kid)


@pytest.fixture
def base(node):
    """The rows of a ring that was just made."""
    with node.engine.begin() as tx:
        return [row._asdict() for row in tx.execute(select(SIGNING_KEY))]


def start_again(engine, base):
    """Put the table back as it was when the ring was made."""
    with engine.begin() as tx:
        tx.execute(delete(SIGNING_KEY))
        tx.execute(insert(SIGNING_KEY), base)


def test_a_key_retired_before_it_signs_leaves_the_current_one_as_it_was(node, now):
    """No end in sight any more: neither for signing nor for being published."""
    (before,) = node.of()
    node.retire(node.rotate(3600))
    now.at += 10 * YEAR

    assert node.of()[0] == before
    assert node.ring.current("ES256").kid == before.kid


def test_one_of_two_that_wait_leaves_no_gap(node, now):
    """The current key goes on until the other one begins."""
    (first,) = node.signing(now())
    leaked, last = node.rotate(3600), node.rotate(7200)
    node.retire(leaked)

    assert node.signing(now() + 7199) == [first]
    assert node.signing(now() + 7200) == [last]


def test_the_next_key_takes_over_at_once_from_a_leaked_one(node, now):
    """A week before it would have; what the leaked one signed is verified no more."""
    (leaked,) = node.signing(now())
    following = node.rotate(7 * DAY)
    node.retire(leaked)

    assert node.ring.current("ES256").kid == following
    assert node.signing(now()) == [following]
    assert leaked not in node.ring.kids()


def test_a_sooner_rotation_does_not_push_out_the_key_that_waits(node, now):
    """Each signs from its own start until the start of the next."""
    (first,) = node.signing(now())
    planned, urgent = node.rotate(3600), node.rotate(60)

    assert [node.signing(now() + t) for t in (59, 60, 3599, 3600)] == [
        [first],
        [urgent],
        [urgent],
        [planned],
    ]


def test_the_last_token_of_a_key_is_verified_whatever_was_moved(node, now):
    """The longest time that any rotation asked for is kept."""
    (first,) = node.of()
    node.rotate(3600, keep=5000)
    node.rotate(60, keep=100)
    kept = node.of()[0]

    assert kept.kid == first.kid
    assert kept.published_until == kept.signs_until + 5000


def test_a_retired_key_never_signs_again_when_a_clock_goes_back(node, now):
    """A node that is an hour behind signs with the follower, not with the leaked one."""
    (leaked,) = node.signing(now())
    following = node.rotate(60)
    node.retire(leaked)
    now.at -= 3600

    assert node.ring.current("ES256").kid == following
    assert leaked not in node.ring.kids()


def test_retiring_twice_says_the_same(node):
    """The moment at which it left is not moved."""
    leaked = node.rotate(3600)
    assert node.retire(leaked)
    before = node.of()
    node.now.at += 60

    assert node.retire(leaked)
    assert node.of() == before


def test_two_commands_at_once_leave_somebody_who_signs(node, engine, now):
    """Both retire the other's key: one of them is refused."""
    (first,) = node.signing(now())
    second = node.rotate(3600)

    def retire(kid):
        try:
            return Node(engine, now).retire(kid)
        except ValueError:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(retire, (first, second)))

    assert sorted(done) == [False, True]
    assert_somebody_signs(node)


def test_rotations_at_once_line_up(node, engine, now):
    """Eight new keys with the same start: seven never sign, and one does."""
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: Node(engine, now).rotate(60), range(8)))

    assert_somebody_signs(node)
    assert set(node.signing(now() + 60)) < set(made)


def damaged(engine, end):
    """As an older version left a ring whose next key was retired: nobody follows."""
    with engine.begin() as tx:
        own = update(SIGNING_KEY).where(SIGNING_KEY.c.alg == "ES256")
        tx.execute(own.values(signs_until=end, published_until=end + KEEP))


@pytest.mark.parametrize("passed", [0, 60, 2 * KEEP])
def test_a_ring_without_a_future_is_mended_at_start(node, engine, now, passed):
    """Before the end that was left, and after it, when nothing signs any more."""
    damaged(engine, now() + 60)
    now.at += passed
    mended = Node(engine, now)

    assert_somebody_signs(mended)
    assert len(mended.of()) == (1 if passed < 60 else 2)


def test_a_rotation_begins_at_once_when_nothing_signs(node, engine, now):
    """Nobody waits an hour for the key that is missing now."""
    damaged(engine, now() - 60)
    made = node.rotate(3600)

    assert node.ring.current("ES256").kid == made
    assert_somebody_signs(node)


def test_an_emptied_table_is_told_with_the_command_that_mends_it(node, engine):
    """In the log of the operator; no node invents a key of its own."""
    with engine.begin() as tx:
        tx.execute(delete(SIGNING_KEY))
    node.ring.forget()

    with pytest.raises(LookupError, match="keys rotate --alg ES256 --lead 0"):
        node.ring.current("ES256")
