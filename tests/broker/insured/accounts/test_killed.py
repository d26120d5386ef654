"""A login that dies between any two statements leaves nothing half done, and works afterwards."""

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import event

from broker.insured.accounts.facts import Result

AMELI = "ameli.exemple"
TABLES = ("account", "link", "account_reference", "outbox", "advisor_case")


class PowerCutError(Exception):
    """The process dies here."""


@pytest.fixture(autouse=True)
def registry(engine, population, claire):
    population.register(engine, claire)


def _cut_before(engine, statement):
    """Make the given statement (by its number) the last one that is never run."""
    seen = iter(range(10_000))

    def cut(*_):
        if next(seen) == statement:
            raise PowerCutError

    event.listen(engine, "before_cursor_execute", cut)
    event.listen(engine, "commit", cut)
    return lambda: [event.remove(engine, name, cut) for name in ("before_cursor_execute", "commit")]


def test_a_death_at_any_statement_leaves_no_half_account(accounts, arriving, engine, count):
    """For each statement of a creation: either everything was written, or nothing at all."""
    dead = 0
    for statement in range(100):
        restore = _cut_before(engine, statement)
        try:
            settled = accounts.settle(arriving(), AMELI)
        except PowerCutError:
            dead += 1
            assert {count(table) for table in TABLES} == {0}
        else:
            break
        finally:
            restore()

    assert dead >= 7
    assert settled.result is Result.CREATED
    assert [count(table) for table in TABLES] == [1, 1, 1, 1, 0]


def test_a_death_at_any_statement_of_a_refusal_leaves_at_most_one_case(
    accounts, arriving, engine, count
):
    """A refused login tried again after a death finds its case, or opens the only one."""
    for statement in range(100):
        restore = _cut_before(engine, statement)
        try:
            settled = accounts.settle(arriving(family_name="Petit"), AMELI)
        except PowerCutError:
            assert count("advisor_case") == 0
        else:
            break
        finally:
            restore()

    assert settled.case
    assert count("advisor_case") == 1


KILLED_LOGIN = """
import os, secrets, signal, sys
from sqlalchemy import create_engine, event
from broker.database import bind_options, prepare_engine
from broker.insured.accounts.facts import InsuredArrival
from broker.insured.accounts.settle import Accounts
from broker.insured.registry.store import open_registry
from broker.sealing import Sealer
from providers.identity import Gender, PartialDate, PivotIdentity

url, last = sys.argv[1], int(sys.argv[2])
engine = create_engine(**bind_options(url))
prepare_engine(engine)
open_registry(engine)
seen = iter(range(10_000))

@event.listens_for(engine, "before_cursor_execute")
def die(*_):
    if next(seen) == last:
        os.kill(os.getpid(), signal.SIGKILL)

identity = PivotIdentity("Durand", ("Claire", "Anne"), PartialDate(1985, 3, 27), Gender.FEMALE,
                         "69383", "99100", tokens_given=True)
arrival = InsuredArrival(identity, "https://tax.exemple", "s", "p", "tax", "Impots.gouv.fr")
sealer = Sealer("secret-of-the-tests-0123456789abcdef")
print(Accounts(engine, sealer, lambda: 1.77e9, secrets.token_bytes).settle(arrival, "a").result)
"""


def test_a_process_killed_in_a_login_leaves_a_database_that_works(database, count, root):
    """SIGKILL inside the transaction, then a new process: the person gets the account."""
    killed = 0
    for last in (2, 3, 4, 200):
        run = subprocess.run(
            [sys.executable, "-c", KILLED_LOGIN, database, str(last)],
            capture_output=True,
            text=True,
            check=False,
            cwd=root,
            env={**os.environ, "PYTHONPATH": os.fspath(root)},
        )
        if run.returncode == -signal.SIGKILL:
            killed += 1
            assert [count(table) for table in TABLES] == [0] * 5
        else:
            assert (run.returncode, run.stdout.strip()) == (0, "created"), run.stderr
            break

    assert killed >= 3
    assert [count(table) for table in TABLES] == [1, 1, 1, 1, 0]


def test_a_database_that_is_away_is_an_error_and_writes_nothing(accounts, arriving, engine, count):
    """A failing commit is told to the caller, never taken for a success (CVE-2026-1035)."""

    def refuse(_connection):
        raise OSError("the disk is full")

    event.listen(engine, "commit", refuse)
    with pytest.raises(OSError, match="full"):
        accounts.settle(arriving(), AMELI)
    event.remove(engine, "commit", refuse)

    assert [count(table) for table in TABLES] == [0] * 5
