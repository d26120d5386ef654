"""What a node forgets by itself, and what an operator seals again."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from broker.command import groups
from broker.insured.accounts.retention import CASE_SECONDS, LINK_SECONDS
from broker.insured.schema import ACCOUNT, CASE, LINK
from broker.sealing import Sealer
from tests.broker.operator import Told

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
    assert all(changed.sealer.is_current(bytes(one)) for one in sealed)


def test_a_pure_federation_broker_has_nothing_of_the_kind(parts):
    """Said in a sentence."""
    told = reseal(replace(parts, engines={"broker": parts.engines["broker"]}))

    assert (told.status, told.output) == (1, "")
    assert "no [insured] table" in told.refusal
