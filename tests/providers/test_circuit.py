"""The circuit breaker, told the time: who opens it, how long it rests, what closes it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import call_faults, faults, token_faults
from providers.circuit import Circuit, CircuitRules, CircuitState
from tests.providers.stage import NOON

CLOSED, TROUBLED, OPEN = CircuitState
RULES = CircuitRules(troubled_after=2, open_after=3, window=60, rest=30, longest_rest=100)


def _failed(*at, rules=RULES):
    circuit = Circuit(rules)
    for seconds in at:
        circuit.failed(NOON + seconds)
    return circuit


@pytest.mark.parametrize(
    ("failures", "at", "state"),
    [
        ([], 0, CLOSED),
        ([0], 0, CLOSED),
        ([0, 1], 1, TROUBLED),
        ([0, 1, 2], 2, OPEN),
        ([0, 1, 2], 31.9, OPEN),
        ([0, 1, 2], 32, TROUBLED),
        ([0, 1], 61, CLOSED),
        ([0, 61, 122], 122, CLOSED),
        ([0, 50, 61], 61, TROUBLED),
    ],
)
def test_recent_failures_trouble_then_open(failures, at, state):
    """Failures count while they are recent; enough of them open the circuit for its rest."""
    assert _failed(*failures).state(NOON + at) is state


def test_an_open_circuit_says_when_it_admits_people_again():
    """The page of providers may say until when; a closed circuit has nothing to say."""
    circuit = _failed(0, 1, 2)

    assert circuit.reopens_at(NOON + 2) == NOON + 32
    assert circuit.reopens_at(NOON + 32) is None
    assert Circuit().reopens_at(NOON) is None


def test_a_failure_after_the_rest_opens_again_for_twice_as_long():
    """The rest doubles with each failed return, up to its limit."""
    circuit = _failed(0, 1, 2)
    rests, now = [], NOON + 2
    for _ in range(4):
        now = circuit.reopens_at(now)
        circuit.failed(now)
        rests.append(circuit.reopens_at(now) - now)

    assert rests == [60, 100, 100, 100]


def test_a_success_forgets_everything():
    """One success closes a half-open circuit, and the next rest is short again."""
    circuit = _failed(0, 1, 2, 33)
    circuit.succeeded()
    assert circuit.state(NOON + 33) is CLOSED

    for at in (100, 101, 102):
        circuit.failed(NOON + at)
    assert circuit.reopens_at(NOON + 102) == NOON + 132


def test_a_clock_set_back_does_not_close_a_provider_for_ever():
    """After a jump of the clock to the past the circuit lets people through."""
    circuit = _failed(0, 1, 2)

    assert circuit.state(NOON - 10_000) is TROUBLED


def _raising(fault):
    def step():
        raise fault

    return step


def test_nobody_departs_while_it_is_open():
    """Departures are refused with a fault of their own, which counts for nothing."""
    circuit = _failed(0, 1, 2)

    with pytest.raises(faults.CircuitOpen) as refused:
        circuit.departing(lambda: "gone", NOON + 3)
    assert not refused.value.blames_upstream
    assert circuit.departing(lambda: "gone", NOON + 32) == "gone"


def test_whoever_departed_before_may_arrive():
    """An arrival is let in while the circuit is open, and closes it."""
    circuit = _failed(0, 1, 2)

    assert circuit.arriving(lambda: "here", NOON + 3) == "here"
    assert circuit.state(NOON + 3) is CLOSED


def test_a_departure_proves_nothing():
    """Leaving for a provider does not show that it works."""
    circuit = _failed(0, 1)
    circuit.departing(lambda: "gone", NOON + 2)

    assert circuit.state(NOON + 2) is TROUBLED


@pytest.mark.parametrize(
    ("fault", "counted"),
    [
        (call_faults.TOKEN.slow(), True),
        (call_faults.JWKS.unreachable(), True),
        (call_faults.TOKEN.status(503), True),
        (token_faults.BadSignature(), True),
        (call_faults.TOKEN.status(400), False),
        (faults.ProviderError("server_error"), False),
        (faults.IssuerMismatch(), False),
        (faults.NoCode(), False),
        (token_faults.WrongNonce(), False),
        (token_faults.LevelTooLow(), False),
        (token_faults.TraitInvalid("family_name", "is missing"), False),
    ],
)
@pytest.mark.parametrize("way", ["departing", "arriving"])
def test_only_what_nobody_can_provoke_counts(way, fault, counted):
    """A person at the browser cannot close a provider to everybody else."""
    circuit = Circuit(CircuitRules(open_after=1))

    with pytest.raises(type(fault)):
        getattr(circuit, way)(_raising(fault), NOON)
    assert (circuit.state(NOON) is OPEN) is counted


def test_other_errors_pass_through_uncounted():
    """What is no fault of a provider is not held against it."""
    circuit = Circuit(CircuitRules(open_after=1))

    with pytest.raises(ZeroDivisionError):
        circuit.arriving(_raising(ZeroDivisionError()), NOON)
    assert circuit.state(NOON) is CLOSED


def test_threads_count_every_failure():
    """Failures that arrive at once are all counted, and the circuit opens once."""
    circuit = Circuit(CircuitRules(open_after=100, troubled_after=100))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: circuit.failed(NOON), range(99)))

    assert circuit.state(NOON) is CLOSED
    circuit.failed(NOON)
    assert circuit.state(NOON) is OPEN


@given(st.lists(st.tuples(st.sampled_from("fs"), st.floats(0, 200)), max_size=40))
def test_it_always_opens_up_again(steps):
    """Whatever happened, after the longest rest somebody is let through."""
    circuit, now = Circuit(RULES), NOON
    for step, seconds in steps:
        now += seconds
        if step == "f":
            circuit.failed(now)
        else:
            circuit.succeeded()

    assert circuit.state(now + RULES.longest_rest) is not OPEN
    assert circuit.departing(lambda: "gone", now + RULES.longest_rest) == "gone"
