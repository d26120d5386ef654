"""A request that bears a key is carried out once, whatever happens between it and its answer."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from sqlalchemy.exc import IntegrityError

from broker.errors import RequestKeyReusedError, UnavailableError
from broker.insured.accounts.rows import MovedError
from broker.insured.credentials.ground import Told
from broker.insured.credentials.replay import CLAIM_SECONDS, KEPT_SECONDS, Replay, Request

ASKED = Request("portal", "a-key-of-the-form-01", "/creations {}")


@pytest.fixture
def replay(engine, sealer, clock):
    return Replay(engine, sealer, clock, lambda _seconds: None)


class Work:
    """Counts how often it was done."""

    def __init__(self, fault=None):
        self.done, self.fault = 0, fault

    def __call__(self):
        return self._deed

    def _deed(self, _tx):
        self.done += 1
        if self.fault and self.done == 1:
            raise self.fault
        return Told({"result": "done", "time": self.done})


def test_the_same_request_is_answered_alike_and_done_once(replay):
    """A replayed form, a retry after a lost answer."""
    work = Work()
    first, again = replay.once(ASKED, work), replay.once(ASKED, work)

    assert first == again == {"result": "done", "time": 1}
    assert work.done == 1


def test_the_same_key_with_other_content_is_refused(replay):
    """A corrected form takes a new key."""
    replay.once(ASKED, Work())
    with pytest.raises(RequestKeyReusedError):
        replay.once(Request(ASKED.client_id, ASKED.key, "/creations {1}"), Work())


def test_keys_of_two_services_are_apart(replay):
    """What one service sent, another never reads."""
    replay.once(ASKED, Work())
    other = Work()
    replay.once(Request("other", ASKED.key, ASKED.content), other)

    assert other.done == 1


def test_a_key_is_forgotten_after_a_day(replay, clock):
    """24 hours, and then it is a new request."""
    work = Work()
    replay.once(ASKED, work)
    clock.now += KEPT_SECONDS - 1
    replay.once(ASKED, work)
    clock.now += 1
    replay.once(ASKED, work)

    assert work.done == 2


@pytest.mark.parametrize("fault", [RuntimeError(), UnavailableError()], ids=["defect", "refusal"])
def test_what_ended_without_answer_leaves_the_key_free(replay, fault):
    """A limit, a busy node or a defect: the same form may be sent again."""
    work = Work(fault)
    with pytest.raises(type(fault)):
        replay.once(ASKED, work)

    assert replay.once(ASKED, work)["time"] == 2


@pytest.mark.parametrize("fault", [MovedError(), IntegrityError("", {}, ValueError())])
def test_a_deed_that_met_somebody_faster_is_done_again(replay, fault):
    """Inside one request, without anybody noticing."""
    assert replay.once(ASKED, Work(fault))["time"] == 2


def test_a_deed_that_never_succeeds_ends(replay):
    """Nothing is written, and coming back is safe."""

    def never(_tx):
        raise MovedError

    with pytest.raises(UnavailableError):
        replay.once(ASKED, lambda: never)


def test_a_double_click_waits_for_the_first_one(engine, sealer, clock):
    """Two at once: the second reads the answer of the first."""
    started, free, work = Event(), Event(), Work()

    def slow():
        started.set()
        free.wait(10)
        return work()

    first = Replay(engine, sealer, clock, lambda _seconds: None)
    second = Replay(engine, sealer, clock, lambda _seconds: free.set() or first_done.result())
    with ThreadPoolExecutor(1) as threads:
        first_done = threads.submit(partial(first.once, ASKED, slow))
        started.wait(10)
        answer = second.once(ASKED, work)

    assert answer == {"result": "done", "time": 1}
    assert work.done == 1


def test_a_node_that_died_half_way_holds_its_key_for_half_a_minute(replay, clock):
    """Until then the others wait and give up; after it, one of them does the work."""
    assert replay._claim(*prints(replay)) is not None
    work = Work()
    with pytest.raises(UnavailableError):
        replay.once(ASKED, work)
    clock.now += CLAIM_SECONDS
    replay.once(ASKED, work)

    assert work.done == 1


def test_a_claim_that_was_lost_writes_nothing(replay, clock, count):
    """A node that slept longer than its claim finds its work done by another."""
    other = Work()

    def slow():
        clock.now += CLAIM_SECONDS
        replay.once(ASKED, other)
        return Work()()

    with pytest.raises(UnavailableError):
        replay.once(ASKED, slow)

    assert replay.once(ASKED, other)["time"] == 1
    assert (other.done, count("answered")) == (1, 1)


def test_a_claim_taken_over_by_somebody_at_work_is_left_to_them(replay, clock):
    """A node that wakes up late neither answers in their place nor frees their key."""

    def slow():
        clock.now += CLAIM_SECONDS
        assert replay._claim(*prints(replay)) is not None
        return Work()()

    with pytest.raises(UnavailableError):
        replay.once(ASKED, slow)
    waiting = Work()
    with pytest.raises(UnavailableError):
        replay.once(ASKED, waiting)

    assert waiting.done == 0


def test_neither_key_nor_answer_nor_content_is_kept_in_clear(sqlite_engine, sealer, clock):
    """The key is part of the fingerprint of the content, and only its own fingerprint is kept."""
    replay = Replay(sqlite_engine, sealer, clock, None)
    secret = Request("portal", "a-key-of-the-form-02", '{"password": "Un-mot-2-passe!"}')
    replay.once(secret, lambda: lambda _tx: Told({"result": "signed_in", "account_id": "name-1"}))
    with sqlite_engine.connect() as connection:
        written = "\n".join(connection.connection.iterdump())

    assert [text for text in ("Un-mot", secret.key, "name-1") if text in written] == []
    assert sealer.mac(secret.content, "answered:content") not in written


def prints(replay):
    key = replay.sealing.mac(f"{ASKED.client_id}\0{ASKED.key}", "answered:key")
    return key, replay.sealing.mac(f"{ASKED.key}\0{ASKED.content}", "answered:content")
