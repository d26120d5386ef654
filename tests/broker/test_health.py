"""Whether a node lives and can serve, and what the other nodes of an upgrade change about it."""

import json

import pytest
from sqlalchemy import text

from sandbox.wsgi import Request, call, environment


@pytest.fixture
def ask(world):
    """The status and the JSON of an address of the broker."""

    def asked(path):
        answer = call(world.broker, environment(Request("GET", world.broker.url + path)))
        return answer.status, json.loads(answer.body)

    return asked


@pytest.fixture
def migrated_by(world):
    """Let a database be that of another version."""

    def made(bind, version):
        engine = world.broker.app.extensions["parts"].engines[bind]
        with engine.begin() as tx:
            tx.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})

    return made


def test_a_node_on_its_own_schema_is_ready(ask):
    """Each database is named."""
    assert ask("/readyz") == (200, {"status": "ok", "broker": "ok", "insured": "ok"})


@pytest.mark.parametrize("bind", ["broker", "insured"])
def test_the_old_nodes_stay_when_the_first_new_one_migrates(ask, migrated_by, bind):
    """A rolling upgrade takes out one node at a time, and not all that are left."""
    migrated_by(bind, "9999")

    assert ask("/readyz") == (200, {"status": "ok", "broker": "ok", "insured": "ok"})


@pytest.mark.parametrize("bind", ["broker", "insured"])
def test_a_node_is_not_ready_while_a_schema_is_behind_it(ask, migrated_by, bind):
    """It lives, and would fail."""
    migrated_by(bind, "0000")
    status, told = ask("/readyz")

    assert (status, told["status"], told[bind]) == (503, "unavailable", "not migrated")
    assert ask("/healthz") == (200, {"status": "ok"})
