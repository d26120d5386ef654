"""Each request key does its work once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from broker.errors import RequestKeyReusedError, UnavailableError
from broker.insured.accounts.rows import MovedError
from broker.insured.space.certificates import issue
from broker.insured.space.email import ask
from broker.insured.space.messages import send
from broker.insured.space.requests import KEPT_SECONDS, Asked, once, purge_requests
from broker.insured.space.tables import REQUEST

KEY = "k" * 32


def test_the_same_request_is_answered_the_same_and_done_once(space, tenant):
    """A double click, or a retry after a lost answer."""
    done = []

    def work(_tx):
        done.append(1)
        return {"number": len(done)}

    first = once(space, tenant, Asked(KEY, "send", {"text": "a"}), work)
    again = once(space, tenant, Asked(KEY, "send", {"text": "a"}), work)

    assert first == again == {"number": 1}
    assert done == [1]


@pytest.mark.parametrize("asked", [Asked(KEY, "send", {"text": "b"}), Asked(KEY, "close", {})])
def test_a_key_is_worth_one_content(space, tenant, asked):
    """The same key with something else in it is refused, and nothing is done."""
    once(space, tenant, Asked(KEY, "send", {"text": "a"}), lambda _tx: {})
    with pytest.raises(RequestKeyReusedError):
        once(space, tenant, asked, lambda _tx: pytest.fail("done"))


def test_a_refused_request_may_be_tried_again(space, tenant):
    """What failed left no trace, not even its key."""

    def failing(_tx):
        raise ValueError

    with pytest.raises(ValueError):
        once(space, tenant, Asked(KEY, "send", {}), failing)

    assert once(space, tenant, Asked(KEY, "send", {}), lambda _tx: {"ok": 1}) == {"ok": 1}


def test_keys_of_two_accounts_are_two_keys(engine, space, population, claire, open_account):
    """One account never reads another's answer by guessing its key."""
    other = population.other()
    population.register(engine, claire, other)
    mine = space.tenant(open_account(claire), "portal.example")
    theirs = space.tenant(open_account(other, email="autre@exemple.fr"), "portal.example")
    once(space, mine, Asked(KEY, "send", {}), lambda _tx: {"mine": True})
    told = once(space, theirs, Asked(KEY, "send", {}), lambda _tx: {"theirs": True})

    assert told == {"theirs": True}


def test_twenty_at_once_do_the_work_once(space, tenant):
    """Whichever comes first, the others wait for its answer."""
    done = []
    lock = threading.Lock()

    def work(_tx):
        with lock:
            done.append(1)
        return {"number": len(done)}

    def ask(_number):
        return once(space, tenant, Asked(KEY, "send", {}), work)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(20)))

    assert done == [1]
    assert answers == [{"number": 1}] * 20


FASTER = [MovedError(), IntegrityError("", {}, ValueError())]


@pytest.mark.parametrize("fault", FASTER, ids=["moved", "constraint"])
def test_work_that_met_a_faster_one_is_done_again(space, tenant, fault, count):
    """Everything it wrote is undone first, and the answer is the one of the last time."""
    tried = []

    def work(tx):
        tried.append(1)
        send(tx, space, tenant, "other", "?")
        if len(tried) < 3:
            raise fault
        return {"tries": len(tried)}

    assert once(space, tenant, Asked(KEY, "send", {}), work) == {"tries": 3}
    assert count("space_message") == 1


@pytest.mark.parametrize("fault", FASTER, ids=["moved", "constraint"])
def test_work_that_always_meets_a_faster_one_says_when_to_come_back(space, tenant, fault, count):
    """Six times, then 503: nothing is kept, and the same key may be used again."""
    tried = []

    def work(_tx):
        tried.append(1)
        raise fault

    with pytest.raises(UnavailableError) as refusal:
        once(space, tenant, Asked(KEY, "send", {}), work)
    assert (refusal.value.status, refusal.value.retry_after) == (503, 1)
    assert (len(tried), count("space_request")) == (6, 0)
    assert once(space, tenant, Asked(KEY, "send", {}), lambda _tx: {"ok": 1}) == {"ok": 1}


@pytest.mark.parametrize(
    "work",
    [issue, lambda tx, space, tenant: ask(tx, space, tenant, "nouvelle@exemple.fr", "fr")],
    ids=["certificates", "addresses"],
)
def test_what_exists_once_is_made_by_two_tabs_at_once(space, tenant, work, count):
    """Two keys, one unique row: whoever is second finds it, or takes its place; no fault."""
    answers = []

    def make(key, meanwhile=lambda: None):
        def slowly(tx):
            answer = work(tx, space, tenant)
            meanwhile()
            return answer

        answers.append(once(space, tenant, Asked(key * 32, "make", {}), slowly))

    other = threading.Thread(target=make, args=("b",))

    def meanwhile():
        other.start()
        other.join(0.3)

    make("a", meanwhile)
    other.join()

    assert len(answers) == 2
    assert count("space_certificate") == len({one["code"] for one in answers if "code" in one})
    assert count("space_email_change WHERE closed_at IS NULL") <= 1


def test_answers_are_sealed_and_forgotten_after_a_day(engine, doing, space, tenant, clock):
    """They may hold a number in full: nothing readable is kept, and not for long."""
    once(space, tenant, Asked(KEY, "certificate", {}), lambda _tx: {"nir": "285036938300142"})
    with engine.connect() as connection:
        assert "28503" not in str(connection.execute(select(REQUEST)).all())
    clock.now += KEPT_SECONDS + 1
    once(space, tenant, Asked("n" * 32, "x", {}), lambda _tx: {})

    assert doing(purge_requests, clock.now - KEPT_SECONDS) == 1
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(REQUEST)).scalar_one() == 1
