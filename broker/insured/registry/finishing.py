"""What every build does the same way on every engine: tables, progress, duplicates, indexes."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    Index,
    Integer,
    Text,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from broker.insured.registry.packing import unpacked_nir
from broker.insured.registry.rows import Refusal
from broker.insured.registry.tables import (
    ABOUT,
    FORMER,
    INDEXES,
    LABEL,
    LAYOUT,
    NUMBER_INDEX,
    PERSON,
    REGISTRY,
)

_PROGRESS, _LATE = "progress", "late:"
_P = PERSON.c


def create_tables(tx: Connection) -> None:
    """Create the tables with their indexes, those of PERSON excepted."""
    for table in REGISTRY.sorted_tables:
        tx.execute(CreateTable(table))
        for index in table.indexes.difference(INDEXES, {NUMBER_INDEX}):
            tx.execute(CreateIndex(index))


def note_progress(tx: Connection, state: Mapping[str, Any]) -> None:
    """Write how far a build came, in the transaction of the rows it counts."""
    tx.execute(delete(ABOUT).where(ABOUT.c.name == _PROGRESS))
    tx.execute(insert(ABOUT), {"name": _PROGRESS, "value": json.dumps(state)})


def noted_progress(connection: Connection) -> dict[str, Any] | None:
    """What `note_progress` wrote last."""
    noted = connection.execute(select(ABOUT.c.value).where(ABOUT.c.name == _PROGRESS)).scalar()
    return dict(json.loads(noted)) if noted else None


def finish(
    connection: Connection, labels: Mapping[str, int], facts: Mapping[str, str]
) -> list[Refusal]:
    """Create the indexes, dropping later lines that repeat a number or NIR; describe; commit."""
    if connection.dialect.name != "sqlite":  # there, it is the row number
        _create(connection, NUMBER_INDEX, "number")
    for index in INDEXES:
        _create(connection, index, "nir")
    refused = _noted_late(connection)
    describe(connection, labels, facts)
    connection.commit()
    return refused


def _create(connection: Connection, index: Index, column: str) -> None:
    """Create an index; `column` is what it keeps unique, if anything."""
    creation = CreateIndex(index, if_not_exists=True)
    try:
        connection.execute(creation)
    except IntegrityError:
        connection.rollback()
        _drop_duplicates(connection, column)
        connection.execute(creation)
    connection.commit()


def _drop_duplicates(tx: Connection, column: str) -> None:
    """Keep the first line of each number or NIR; note the others, should this build die too."""
    key = PERSON.c.person_id if column == "number" else PERSON.c.nir_number
    doubled = select(key).group_by(key).having(func.count() > 1)
    rank = func.row_number().over(partition_by=key, order_by=PERSON.c.line).label("rank")
    ranked = select(PERSON.c.line, rank).where(key.in_(doubled)).subquery()
    note = select(literal(_LATE) + cast(ranked.c.line, Text), literal(column))
    tx.execute(insert(ABOUT).from_select(["name", "value"], note.where(ranked.c.rank > 1)))
    line = cast(func.substr(ABOUT.c.name, len(_LATE) + 1), Integer)
    lines = select(line).where(ABOUT.c.name.startswith(_LATE))
    for table in (PERSON, FORMER):
        tx.execute(delete(table).where(table.c.line.in_(lines)))


def _noted_late(connection: Connection) -> list[Refusal]:
    rows = connection.execute(select(ABOUT).where(ABOUT.c.name.startswith(_LATE)))
    return [taken(int(row.name.removeprefix(_LATE)), row.value) for row in rows]


def describe(tx: Connection, labels: Mapping[str, int], facts: Mapping[str, str]) -> None:
    """Write the labels and what this registry is; the note of progress goes."""
    tx.execute(delete(LABEL))
    if labels:
        tx.execute(insert(LABEL), [{"id": n, "text": label} for label, n in labels.items()])
    persons = tx.execute(select(func.count()).select_from(PERSON)).scalar_one()
    rows = {**facts, "layout": str(LAYOUT), "persons": str(persons)}
    tx.execute(delete(ABOUT))
    tx.execute(insert(ABOUT), [{"name": name, "value": value} for name, value in rows.items()])


def missing(connection: Connection, numbers: Mapping[int, str]) -> set[int]:
    """Of these persons (number -> NIR), who is not there under this NIR, present or former."""
    wanted = list(numbers)
    rows = connection.execute(select(_P.person_id, _P.nir_number).where(_P.person_id.in_(wanted)))
    there = {
        row.person_id for row in rows if unpacked_nir(row.nir_number) == numbers[row.person_id]
    }
    before = select(FORMER.c.person_id, FORMER.c.value).where(
        FORMER.c.person_id.in_(wanted), FORMER.c.kind == "nir"
    )
    rows = connection.execute(before)
    return numbers.keys() - there - {n for n, value in rows if numbers[n] == value}


def taken(line: int, column: str) -> Refusal:
    """A line whose number or NIR an earlier line has."""
    return Refusal(line, column, "is already taken by an earlier line")
