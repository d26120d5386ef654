"""Statements made ready do what SQLAlchemy does with them, on each engine."""

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, OperationalError, ProgrammingError

from broker.statements import Ready

THING = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", Text, unique=True),
    Column("sealed", LargeBinary),
    Column("open", Boolean),
    Column("at", Float),
)
INSERT = Ready(insert(THING))
BY_NAME = Ready(select(THING).where(THING.c.name == bindparam("wanted"), THING.c.at > 0.5))
OPENED = Ready(select(THING.c.name, THING.c.at.label("moment")).where(THING.c.open.is_(True)))
CLOSE = Ready(
    update(THING).where(THING.c.name == bindparam("wanted")).values(open=False, at=bindparam("now"))
)
ROWS = [
    {"id": 1, "name": "one", "sealed": b"\x00\xff", "open": True, "at": 1.5},
    {"id": 2, "name": "l'été ☀", "sealed": None, "open": False, "at": 2.0},
]


@pytest.fixture
def filled(engine):
    """Two things, written by ready statements."""
    THING.metadata.create_all(engine)
    with engine.begin() as tx:
        for row in ROWS:
            assert INSERT.count(tx, row) == 1
    return engine


def listened(engine):
    """An engine that somebody listens to, which goes the ordinary way."""
    event.listen(engine, "before_cursor_execute", lambda *_: None)
    return engine


@pytest.mark.parametrize("made", [lambda engine: engine, listened], ids=["ready", "ordinary"])
def test_a_row_is_read_as_it_was_written(filled, made):
    """Bytes, truths, texts and absent values come back as they went in, by both ways."""
    with made(filled).begin() as tx:
        for row in ROWS:
            found = BY_NAME.row(tx, {"wanted": row["name"]})
            assert {name: getattr(found, name) for name in row} == row
            assert isinstance(found.open, bool)
        assert BY_NAME.row(tx, {"wanted": "nobody"}) is None
        assert OPENED.row(tx, {}).moment == 1.5


@pytest.mark.parametrize("made", [lambda engine: engine, listened], ids=["ready", "ordinary"])
def test_constants_of_a_statement_are_kept_and_rows_are_counted(filled, made):
    """A conditional update tells whether it found its row."""
    with made(filled).begin() as tx:
        assert CLOSE.count(tx, {"wanted": "one", "now": 9.0}) == 1
        assert CLOSE.count(tx, {"wanted": "nobody", "now": 9.0}) == 0
        found = BY_NAME.row(tx, {"wanted": "one"})
    assert (found.open, found.at) == (False, 9.0)


def test_a_ready_statement_belongs_to_its_transaction(filled):
    """What was not committed was not written."""
    with filled.connect() as connection:
        CLOSE.count(connection, {"wanted": "one", "now": 9.0})
        connection.rollback()
    with filled.begin() as tx:
        assert BY_NAME.row(tx, {"wanted": "one"}).open is True


def test_errors_are_those_of_sqlalchemy(filled):
    """A broken rule, a missing table, two rows for one: the same exceptions as ever."""
    with pytest.raises(IntegrityError), filled.begin() as tx:
        INSERT.count(tx, {**ROWS[0], "id": 3})
    missing = Ready(select(Table("nowhere", MetaData(), Column("id", Integer))))
    with pytest.raises((OperationalError, ProgrammingError)), filled.begin() as tx:
        missing.row(tx, {})
    with pytest.raises(MultipleResultsFound), filled.begin() as tx:
        Ready(select(THING.c.id)).row(tx, {})


def test_the_values_of_a_failed_statement_stay_out_of_its_error(filled):
    """An error may be logged; what a person gave may not."""
    with pytest.raises(IntegrityError) as failed, filled.begin() as tx:
        INSERT.count(tx, {**ROWS[1], "id": 3, "sealed": b"a-secret"})
    assert "a-secret" not in str(failed.value).replace(str(failed.value.orig), "")


def test_a_statement_that_needs_more_is_refused_when_it_is_first_used(filled):
    """A list whose length is known late, and a default computed in Python, are not for this."""
    listing = Ready(select(THING).where(THING.c.id.in_(bindparam("ids", expanding=True))))
    numbered = Table("numbered", MetaData(), Column("at", Float, default=lambda: 1.0))
    with filled.begin() as tx:
        with pytest.raises(TypeError, match="list"):
            listing.row(tx, {"ids": [1]})
        with pytest.raises(TypeError, match="default"):
            Ready(insert(numbered)).count(tx, {})
