"""Databases are made once and copied."""

import sqlite3

import pytest

from sandbox.configuration import merged
from sandbox.document import find, read
from sandbox.seeds import copy_into
from sandbox.world import START

BEGIN = START.timestamp()


@pytest.fixture(scope="module")
def document():
    return read(find())


def rows(folder, name, table):
    connection = sqlite3.connect(folder / name)
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return count


def copied(tmp_path, document, name, start=BEGIN):
    folder = tmp_path / name
    folder.mkdir()
    copy_into(folder, document, start)
    return folder


def test_a_copy_is_migrated_and_seeded(tmp_path, document):
    """Keys of the issuer, insured persons, tables of the portal."""
    folder = copied(tmp_path, document, "one")

    assert rows(folder, "broker.sqlite", "signing_key") >= 1
    assert rows(folder, "insured.registry.sqlite", "person") >= 3000
    assert {path.name for path in folder.iterdir()} >= {"portal.sqlite", "sample.sqlite"}


def test_a_copy_stands_alone(tmp_path, document):
    """What is written in one is not in the next; nothing is left in a journal beside it."""
    first = copied(tmp_path, document, "one")
    connection = sqlite3.connect(first / "insured.sqlite")
    connection.execute("DELETE FROM account")
    connection.commit()
    connection.close()
    second = copied(tmp_path, document, "two")

    assert rows(first, "insured.sqlite", "account") == 0
    assert rows(second, "insured.sqlite", "account") > 0
    assert not [path for path in second.iterdir() if path.name.endswith(("-wal", "-shm"))]


def test_the_same_keys_are_in_every_copy_of_one_template(tmp_path, document):
    """A change that seeds nothing, such as a lifetime, shares the template."""
    changed = merged(document, {"broker": {"code_seconds": 5}})
    folders = [copied(tmp_path, document, "one"), copied(tmp_path, changed, "two")]
    keys = []
    for folder in folders:
        connection = sqlite3.connect(folder / "broker.sqlite")
        keys.append(connection.execute("SELECT kid FROM signing_key ORDER BY kid").fetchall())
        connection.close()

    assert keys[0] == keys[1]


def test_another_secret_has_a_template_of_its_own(tmp_path, document):
    """What is sealed with one secret cannot be opened with another."""
    changed = merged(document, {"broker": {"secret": "another-secret-of-the-broker-0123456789"}})
    first, second = copied(tmp_path, document, "one"), copied(tmp_path, changed, "two")

    assert (first / "broker.sqlite").read_bytes() != (second / "broker.sqlite").read_bytes()
