"""What a node forgets by itself, and what an operator seals again."""

import json
import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from structlog.testing import capture_logs

from broker.audit.events import Event
from broker.audit.journal import JOURNAL
from broker.commands.operators import groups
from broker.insured.accounts.retention import CASE_SECONDS, LINK_SECONDS
from broker.insured.schema import ACCOUNT, CASE, LINK
from broker.retention import FORGOTTEN, PERSONS
from broker.sealing import Sealer
from broker.settings import SettingsError, load
from broker.subjects.persons import PERSON
from broker.upkeep import Upkeep, keep_up
from sandbox.document import read
from tests.broker.operator import Told, typed

NEW = "another-secret-of-the-tests-0123456789"


@pytest.fixture
def parts(world):
    """The parts of the broker of this world."""
    return world.broker.app.extensions["parts"]


@pytest.fixture
def count(parts):
    """How many rows a table of the insured database has."""

    def counted(table):
        with parts.engines["insured"].connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    return counted


def reseal(parts, *words):
    """`passerelle reseal` on these parts."""
    command = next(c for c in groups(lambda: parts) if c.name == "reseal")
    result = CliRunner().invoke(command, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return Told(result.exit_code, result.stdout, result.stderr)


def test_a_case_is_forgotten_after_six_months(world, browser, count):
    """The refusal of somebody unknown is of use to an advisor until then."""
    before = count(CASE)
    browser.login(world.portal, as_="victor").accept()
    world.clock.advance(CASE_SECONDS - 60)
    world.keep_up()
    kept = count(CASE)
    world.clock.advance(120)
    world.keep_up()

    assert (kept - before, count(CASE)) == (1, 0)


def test_a_link_is_forgotten_after_three_years_and_its_account_stays(world, browser, count):
    """Whoever comes back after that is linked again."""
    browser.login(world.portal).accept()
    accounts = count(ACCOUNT)
    world.clock.advance(LINK_SECONDS + 60)
    world.keep_up()

    assert (count(LINK), count(ACCOUNT)) == (0, accounts)


def test_after_a_change_of_secret_the_insured_database_is_sealed_again(world, browser, parts):
    """Once: the second time there is nothing left to do."""
    browser.login(world.portal).accept()
    changed = replace(parts, sealer=Sealer(NEW, [parts.settings.broker.secret]))
    first, second = reseal(changed, "--json"), reseal(changed)

    assert json.loads(first.output)["rows"] > 0
    assert second.output == "0 rows sealed again.\n"
    with parts.engines["insured"].connect() as connection:
        sealed = connection.execute(select(ACCOUNT.c.nir_sealed)).scalars().all()
    assert sealed
    assert all(changed.sealer.is_current(bytes(one)) for one in sealed)


def test_a_pure_federation_broker_has_nothing_of_the_kind(parts):
    """Said in a sentence."""
    told = reseal(replace(parts, engines={"broker": parts.engines["broker"]}))

    assert (told.status, told.output) == (1, "")
    assert "no [insured] table" in told.refusal


class BrokenNotices:
    """Notices whose delivery has a defect that nobody expected."""

    def deliver(self):
        raise LookupError("Claire Durand")


@dataclass
class Bell:
    """A postman who counts his rounds and tells when there were enough."""

    enough: int = 1
    rounds: int = 0
    rung: threading.Event = field(default_factory=threading.Event)

    def deliver_due(self):
        self.rounds += 1
        if self.rounds == self.enough:
            self.rung.set()


def test_a_task_that_fails_stops_no_other(parts):
    """The log names it and where it failed, never what it was about."""
    bell = Bell()
    with capture_logs() as logs:
        failed = keep_up(replace(parts, notices=BrokenNotices(), postman=bell))

    assert (failed, bell.rounds) == (("notices",), 1)
    (line,) = logs
    assert (line["event"], line["task"], line["fault"]) == (
        "upkeep postponed",
        "notices",
        "LookupError",
    )
    assert line["where"].startswith("test_upkeep.py:")
    assert "Durand" not in str(line)


def test_a_purge_that_fails_stops_no_other(parts, world, browser, count):
    """A database that refuses one table still lets the others be looked after."""
    browser.login(world.portal, as_="victor").accept()
    world.clock.advance(CASE_SECONDS + 60)
    with parts.engines["broker"].begin() as tx:
        tx.exec_driver_sql("DROP TABLE browser_session")
    with capture_logs():
        failed = keep_up(parts)

    assert failed == ("forget sessions",)
    assert count(CASE) == 0


def test_whatever_fails_there_is_a_next_round(parts):
    """Neither a task nor what stands beside ends the upkeep of a node."""

    def beside():
        raise ZeroDivisionError

    bell = Bell(enough=3)
    upkeep = Upkeep(replace(parts, notices=BrokenNotices(), postman=bell), 0.001, beside)
    with capture_logs() as logs:
        upkeep.start()
        assert bell.rung.wait(30)
        upkeep.stop()

    assert {line["task"] for line in logs} == {"beside", "notices"}


def rows_of(parts, table):
    """Every row of a table of the broker's database."""
    with parts.engines["broker"].connect() as connection:
        return connection.execute(select(table)).all()


def test_a_node_forgets_persons_and_traces_without_a_timer(world, browser, parts):
    """Once a day, and the journal tells how many there were."""
    browser.login(world.portal).accept()
    world.keep_up()
    world.clock.advance(PERSONS + timedelta(days=1).total_seconds())
    keep_up(parts, daily=False)
    before = rows_of(parts, PERSON)
    world.keep_up()
    told = rows_of(parts, JOURNAL)

    assert (len(before), rows_of(parts, PERSON)) == (1, [])
    assert {row.event for row in told} == {Event.PURGED.value}
    assert {"persons": 1} in [json.loads(row.facts) for row in told]


def test_the_command_forgets_what_upkeep_forgets(world, browser):
    """One list: a case of the insured domain goes by the command as well."""
    browser.login(world.portal, as_="victor").accept()
    world.clock.advance(CASE_SECONDS + 60)
    told = typed(world, "purge", "--json")

    assert told.json["account_cases"] == 1
    assert list(told.json) == [one.name for one in FORGOTTEN]
    assert len(set(told.json)) == len(FORGOTTEN)


def test_a_purge_with_nothing_to_do_says_so(world):
    """A new broker has forgotten nothing."""
    assert typed(world, "purge").output == "Forgotten: nothing.\n"


@pytest.mark.parametrize("key", ["session_seconds", "session_max_seconds"])
def test_no_session_outlives_the_memory_of_its_services(root, key):
    """Grants are kept for a day: a longer session would end without its services hearing of it."""
    with pytest.raises(SettingsError, match=rf"broker\.{key}: .*86400"):
        load(changed(root, {key: 86_401}), {})

    assert getattr(load(changed(root, {key: 86_400}), {}).broker, key) == 86_400


def changed(root, own):
    """The settings of the demonstration, `[broker]` changed."""
    document = read(root / "config.toml")
    return {**document, "broker": {**document["broker"], **own}}
