"""A bounded number of passwords at once, and as long for nobody as for somebody."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event, get_native_id

import pytest

from broker.errors import PasswordsBusyError
from broker.insured.credentials.hashing import PasswordHashing
from broker.settings.insured import PasswordSettings

COSTS = PasswordSettings(memory_kib=8, passes=1, at_once=1, waiting=1, wait_seconds=0.05)


def test_a_password_is_recognised_and_no_other():
    """With argon2id at the costs of the settings, salted each time."""
    hashing = PasswordHashing(COSTS)
    kept = hashing.hash("Un-mot-2-passe!")

    assert kept.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert kept != hashing.hash("Un-mot-2-passe!")
    assert hashing.verify(kept, "Un-mot-2-passe!")
    assert not hashing.verify(kept, "Un-mot-3-passe!")


@pytest.mark.parametrize("kept", [None, "", "x", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
def test_what_is_no_password_equals_nothing(kept):
    """Neither a missing nor a broken value opens anything."""
    assert not PasswordHashing(COSTS).verify(kept, "")


def test_half_a_character_is_a_password_like_another():
    """What JSON can spell and no text holds: no fault, and equal to itself alone."""
    hashing = PasswordHashing(COSTS)

    assert hashing.verify(hashing.hash("a\ud800"), "a\ud800")
    assert not hashing.verify(hashing.hash("a\ud800"), "a\udfff")


def test_the_default_costs_are_the_least_advised():
    """OWASP: 19 MiB, two passes, one lane."""
    kept = PasswordHashing(PasswordSettings()).hash("x")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_costs_that_changed_are_noticed():
    """The text is hashed anew, and only then."""
    kept = PasswordHashing(COSTS).hash("x")
    with PasswordHashing(COSTS).turn() as turn:
        assert turn.renewed(kept, "x") is None
    with PasswordHashing(COSTS.model_copy(update={"passes": 2})).turn() as turn:
        assert "t=2" in turn.renewed(kept, "x")


class Niceness:
    """Argon2 that tells the priority at which it runs."""

    def hash(self, _password):
        return os.getpriority(os.PRIO_PROCESS, get_native_id())


@pytest.mark.parametrize(("platform", "more"), [("linux", 10), ("darwin", 0)])
def test_hashing_gives_way_to_everything_else(monkeypatch, platform, more):
    """By its own thread's priority where threads have one; whoever asks keeps theirs."""
    monkeypatch.setattr(sys, "platform", platform)
    hashing, own = PasswordHashing(COSTS), Niceness().hash("x")
    hashing._turn.argon._argon = Niceness()

    assert hashing.hash("x") == min(19, own + more)
    assert Niceness().hash("x") == own


def test_a_system_without_priorities_hashes_all_the_same(monkeypatch):
    """A container may forbid it."""

    def forbidden(*_):
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", forbidden)
    hashing = PasswordHashing(COSTS)

    assert hashing.verify(hashing.hash("x"), "x")


def test_beyond_the_bound_a_burst_is_refused_at_once():
    """One runs, one waits a moment, the third is told to come back; afterwards all is free."""
    hashing, started, free = PasswordHashing(COSTS), Event(), Event()

    def hold():
        with hashing.turn():
            started.set()
            free.wait(10)

    with ThreadPoolExecutor(1) as threads:
        holding = threads.submit(hold)
        started.wait(10)
        with pytest.raises(PasswordsBusyError) as refusal:
            hashing.hash("x")
        free.set()
        holding.result()

    assert refusal.value.retry_after == 2
    assert [hashing.verify(hashing.hash("x"), "x") for _ in range(3)] == [True] * 3


def test_a_burst_never_runs_more_than_the_bound():
    """Of fifty at once, at most two are hashed together; each is hashed or refused."""
    hashing = PasswordHashing(COSTS.model_copy(update={"at_once": 2, "waiting": 3}))
    running, most = [], []

    def one(_number):
        try:
            with hashing.turn() as turn:
                running.append(1)
                most.append(len(running))
                turn.hash("x")
                running.pop()
        except PasswordsBusyError:
            return "refused"
        return "hashed"

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(one, range(50)))

    assert max(most) <= 2
    assert set(answers) <= {"hashed", "refused"}
    assert "hashed" in answers


def test_a_turn_is_given_back_after_a_fault():
    """An error inside a turn does not keep it."""
    hashing = PasswordHashing(COSTS)
    for _ in range(5):
        with pytest.raises(ValueError), hashing.turn():
            raise ValueError
    assert hashing.hash("x")
