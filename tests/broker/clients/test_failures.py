"""Limits on wrong secrets and wrong codes, as the database keeps them: the same on both engines."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread, current_thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from broker.clients.failures import (
    _REMEMBERED,
    CODES_OF_ONE,
    FAILURE,
    SECONDS,
    SECRETS,
    SECRETS_OF_ONE,
    Failures,
    network_of,
    purge,
)
from broker.errors import (
    ApiRequestError,
    CodeNotFoundError,
    InvalidClientError,
    PasserelleError,
    TooManyFailuresError,
)
from broker.sealing import Sealer

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.1"
SEALER = Sealer("a-secret-of-the-tests-0123456789abcdef")


class Now:
    """A clock that is moved by hand."""

    def __init__(self):
        self.at = 1_000_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def now():
    """The clock of every node of a test."""
    return Now()


@pytest.fixture
def node(engine, now):
    """One node; `more_nodes` on the same database make others."""
    return Failures(engine, SEALER, now)


def wrong(node, name="service", address=HERE):
    """One wrong secret; the refusal that the caller meets."""
    with pytest.raises(PasserelleError) as refusal, node.of_secret(name, address):
        raise InvalidClientError
    return refusal.value


def right(node, name="service", address=HERE, *, proves=True):
    """One right secret."""
    with node.of_secret(name, address, proves=proves):
        pass


def junk(node, name="service", address=HERE, fault=CodeNotFoundError):
    """One wrong code; what is answered in its place, if anything is."""
    try:
        node.count_code(fault(), name, address)
    except TooManyFailuresError as refusal:
        return refusal
    return None


def use_up(node, times=SECRETS_OF_ONE.most, **caller):
    """So many wrong secrets, each answered as such."""
    for _ in range(times):
        assert type(wrong(node, **caller)) is InvalidClientError


def test_a_guesser_is_asked_to_wait(node):
    """After twenty wrong secrets: 429, and the seconds until the stretch ends."""
    use_up(node)
    refusal = wrong(node)

    assert (refusal.status, refusal.retry_after) == (429, SECONDS)
    assert refusal.log == {"limit": "secret:client"}


def test_a_right_secret_is_refused_too_while_its_guesser_waits(node):
    """Else whoever guesses would go on, and tell a right one by its answer."""
    use_up(node)

    with pytest.raises(TooManyFailuresError):
        right(node)


def test_the_same_service_elsewhere_is_not_kept_out(node):
    """Wrong secrets sent in somebody's name harm only the address they come from."""
    use_up(node)

    right(node, address=ELSEWHERE)
    assert type(wrong(node, address=ELSEWHERE)) is InvalidClientError


def test_another_service_at_the_same_address_is_not_kept_out(node):
    """Two services behind one address: one with an old secret does not stop the other."""
    use_up(node)

    right(node, "neighbour")


def test_a_service_that_proved_itself_there_is_never_kept_out(node):
    """Behind a proxy nobody told us of, everybody has one address, the guesser too."""
    right(node)
    use_up(node)

    right(node)
    assert wrong(node).status == 429


def test_naming_a_public_service_proves_nothing(node):
    """It has no secret: its success says nothing about who guesses there."""
    right(node, proves=False)
    use_up(node)

    with pytest.raises(TooManyFailuresError):
        right(node)


def test_one_address_may_not_try_every_name(node):
    """A hundred failures under a hundred names: the address waits, whatever name comes next."""
    for number in range(SECRETS.most):
        assert type(wrong(node, f"name-{number}")) is InvalidClientError

    assert wrong(node, "yet-another").log == {"limit": "secret:address"}
    with pytest.raises(TooManyFailuresError):
        right(node, "service")
    right(node, "service", ELSEWHERE)


@pytest.mark.parametrize("passed", [1, SECONDS - 1])
def test_the_wait_shortens_as_time_passes(node, now, passed):
    """Refused tries do not make it longer."""
    use_up(node)
    now.at += passed
    wrong(node)

    assert wrong(node).retry_after == SECONDS - passed


def test_the_stretch_ends_by_the_clock(node, now):
    """A new one begins, with as many tries as the first."""
    use_up(node)
    now.at += SECONDS

    right(node, "service")
    use_up(node, SECRETS_OF_ONE.most)
    assert wrong(node).status == 429


def test_few_failures_are_forgotten_with_their_stretch(node, now):
    """Nineteen now and nineteen later are no guessing."""
    for _ in range(3):
        use_up(node, SECRETS_OF_ONE.most - 1)
        now.at += SECONDS


def test_two_nodes_count_together(engine, now):
    """Ten here and ten there are twenty."""
    nodes = [Failures(engine, SEALER, now) for _ in range(2)]
    for number in range(SECRETS_OF_ONE.most):
        assert type(wrong(nodes[number % 2])) is InvalidClientError

    assert [wrong(one).status for one in nodes] == [429, 429]


def test_a_node_that_heard_nothing_learns_it_at_the_first_failure(engine, now):
    """What is used up is remembered by whoever counted it; the database tells the others."""
    use_up(Failures(engine, SEALER, now))
    other = Failures(engine, SEALER, now)

    assert wrong(other).status == 429
    with pytest.raises(TooManyFailuresError):
        right(other)


def test_failures_in_parallel_are_all_counted(engine, now):
    """Forty at once on four nodes: twenty are answered as wrong, the rest wait."""
    nodes = [Failures(engine, SEALER, now) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: wrong(nodes[number % 4]).status, range(40)))

    assert (answers.count(401), answers.count(429)) == (SECRETS_OF_ONE.most, 20)


def test_a_clock_set_back_keeps_nobody_waiting(node, now):
    """A count from the future is no count; what is remembered from there is forgotten."""
    use_up(node)
    now.at -= 10 * SECONDS

    right(node)
    assert type(wrong(node)) is InvalidClientError


def test_junk_codes_are_slowed_down(node):
    """Beyond fifty in a stretch the answer is 429, on each node."""
    answers = [junk(node) for _ in range(CODES_OF_ONE.most + 1)]

    assert answers[:-1] == [None] * CODES_OF_ONE.most
    assert (answers[-1].status, answers[-1].log) == (429, {"limit": "code:client"})


def test_junk_codes_never_touch_the_secret(node):
    """Anybody can make a service bring junk: its calls go on, and so do its good codes."""
    for _ in range(2 * CODES_OF_ONE.most):
        junk(node)

    right(node)
    assert junk(node, address=ELSEWHERE) is None
    assert junk(node, name="neighbour") is None


@pytest.mark.parametrize("kind", [ApiRequestError, InvalidClientError])
def test_only_wrong_codes_count_as_codes(node, kind):
    """A malformed request guesses nothing, and a wrong secret was counted already."""
    for _ in range(CODES_OF_ONE.most + 1):
        assert junk(node, fault=kind) is None


def test_a_malformed_call_counts_nothing(node, engine):
    """Only a refused proof is a guess."""
    for _ in range(SECRETS_OF_ONE.most + 1):
        with pytest.raises(ApiRequestError), node.of_secret("service", HERE):
            raise ApiRequestError

    assert rows(engine) == 0


def test_success_costs_no_statement(node, engine):
    """Nothing is asked of the database until somebody fails."""
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    right(node)
    right(node, "public", proves=False)

    assert asked == []


def test_whoever_waits_costs_no_statement(node, engine):
    """A flood from one address stops at the memory of the node."""
    use_up(node)
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    for _ in range(5):
        wrong(node)

    assert asked == []


def test_the_database_holds_no_address_and_no_name(node, engine):
    """Keyed fingerprints, one for each limit."""
    wrong(node)
    with engine.connect() as connection:
        keys = connection.execute(select(FAILURE.c.key)).scalars().all()

    assert len(keys) == 2
    assert not [key for key in keys if HERE in key or "service" in key]


@pytest.mark.parametrize("name", ["", "\0", "\ud800", "n" * 60_000])
def test_any_name_may_be_guessed_at(node, name):
    """Whatever stands in a header or in an assertion is counted like a service."""
    use_up(node, name=name)

    assert wrong(node, name).status == 429


def test_no_endless_name_is_remembered(node):
    """Memory is bounded in numbers and in size."""
    use_up(node, name="n" * 60_000)

    assert wrong(node, "n" * 59_999).status == 429


class Contended(dict):
    """A full memory: who looks for its oldest entry meets another thread that does the same."""

    def __init__(self, entries, meanwhile):
        super().__init__(entries)
        self.other, self.done = Thread(target=meanwhile), Event()

    def __iter__(self):
        oldest = super().__iter__()
        if current_thread() is self.other:
            self.done.wait(1)
        else:
            self.other.start()
            self.other.join(0.1)
        return oldest


def test_threads_that_remember_at_once_do_not_fail_each_other(node):
    """A full memory forgets its oldest entry while another thread adds one: both are served."""
    full = {(f"service-{number}", HERE): None for number in range(_REMEMBERED)}
    node._proven = memory = Contended(full, lambda: right(node, "second"))
    right(node, "first")
    memory.done.set()
    memory.other.join()

    assert {("first", HERE), ("second", HERE)} <= memory.keys()
    assert len(memory) == _REMEMBERED


def test_ended_stretches_are_forgotten(node, engine, now):
    """Upkeep removes them; one that runs stays."""
    wrong(node, "first")
    now.at += SECONDS - 1
    wrong(node, "second", ELSEWHERE)
    now.at += 2
    with engine.begin() as tx:
        forgotten = purge(tx, now.at)

    assert (forgotten, rows(engine)) == (2, 2)


def rows(engine):
    """How many counts the database keeps."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(FAILURE)).scalar_one()


NETWORKS = {
    "192.0.2.1": "192.0.2.1",
    "::ffff:192.0.2.1": "192.0.2.1",
    "2001:db8:1:2:aaaa::1": "2001:db8:1:2::/64",
    "2001:db8:1:2:bbbb::2": "2001:db8:1:2::/64",
    "2001:db8:1:3::1": "2001:db8:1:3::/64",
    "fe80::1%eth0": "fe80::/64",
    "unix:": "unix:",
    "": "",
    None: "",
}


@pytest.mark.parametrize(("address", "network"), NETWORKS.items())
def test_an_address_stands_for_its_subscriber(address, network):
    """IPv6 gives each subscriber a /64 of addresses to guess from."""
    assert network_of(address) == network


@given(st.text(max_size=60))
def test_any_text_is_an_address(text):
    """A server or a proxy may hand over anything."""
    assert isinstance(network_of(text), str)
