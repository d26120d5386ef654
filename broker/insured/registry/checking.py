"""Counts what the registry in service holds, and checks that its rows say what they should."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, exists, func, select, true

from broker.insured.matching.keys import record_keys
from broker.insured.matching.nir import differences, parse
from broker.insured.registry.lookup import COLUMNS, record
from broker.insured.registry.packing import ABROAD, DECEASED, PRESUMED, RIGHTS_OPEN, SCHEMES
from broker.insured.registry.store import scanning
from broker.insured.registry.tables import PERSON
from providers.identity import PivotIdentity

_P = PERSON.c
_BATCH = 5000
_KEYS = (_P.surname_key, _P.given_key, _P.birthdate, _P.place_key)
_FIRST_TEMPORARY = 3 * 10**12
_LETTERS = 10**13


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was examined: how many rows, and how many were not as they should."""

    name: str
    rows: int
    wrong: int
    harmless: bool = False
    """Whether a wrong row is a flag for the advisor rather than a fault of the registry."""


def stats(engine: Engine) -> dict[str, int]:
    """Counts of persons by what matters to a login; one pass over the registry."""
    flags, kind = _P.flags, _P.nir_number % _LETTERS
    counted = {
        "persons": true(),
        "women": _P.sex == 2,  # noqa: PLR2004 - as in the NIR
        "born abroad": _P.birthplace.between(*ABROAD),
        "presumed dates": flags.op("&")(PRESUMED) != 0,
        "deceased": flags.op("&")(DECEASED) != 0,
        "rights closed": flags.op("&")(RIGHTS_OPEN) == 0,
        "temporary numbers": kind >= _FIRST_TEMPORARY,
        "attached to a parent": _P.parent_id.is_not(None),
        "with an IBAN": _P.iban.is_not(None),
        "with an e-mail address": _P.email.is_not(None),
    }
    for number, scheme in enumerate(SCHEMES):
        counted[f"scheme {scheme}"] = _P.scheme == number
    columns = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    with scanning(engine) as connection:
        return dict(connection.execute(select(*columns).select_from(PERSON)).mappings().one())


def check(engine: Engine, most: int | None) -> list[Check]:
    """Examine the registry; `most` rows (None: all) for what only the row itself can tell."""
    rows = keys = numbers = 0
    with scanning(engine) as connection:
        for row in _rows(connection, most):
            rows += 1
            keys += not _keys_agree(row)
            numbers += not _number_agrees(row)
        return [
            Check("keys agree with the traits", rows, keys),
            Check("number agrees with the traits", rows, numbers, harmless=True),
            _parents(connection),
        ]


def _rows(connection: Connection, most: int | None) -> Iterator[Row[*tuple[Any, ...]]]:
    statement = select(*COLUMNS, *_KEYS).limit(most).execution_options(yield_per=_BATCH)
    yield from connection.execute(statement)


def _keys_agree(row: Row[*tuple[Any, ...]]) -> bool:
    keys = record_keys(record(row[: len(COLUMNS)]))
    return (keys.surname, keys.given, keys.birthdate, keys.place) == tuple(row[len(COLUMNS) :])


def _number_agrees(row: Row[*tuple[Any, ...]]) -> bool:
    person = record(row[: len(COLUMNS)])
    identity = PivotIdentity(
        family_name=person.family_name,
        given_names=person.given_names,
        birthdate=person.birthdate,
        gender=person.gender,
        birthplace=person.birthplace,
        birthcountry=person.birthcountry,
    )
    return not differences(parse(person.nir), identity)


def _parents(connection: Connection) -> Check:
    child, parent = PERSON.alias(), PERSON.alias()
    attached = select(func.count()).select_from(child).where(child.c.parent_id.is_not(None))
    known = exists().where(parent.c.person_id == child.c.parent_id)
    children = connection.execute(attached).scalar_one()
    orphans = connection.execute(attached.where(~known)).scalar_one()
    return Check("parent of attachment is known", children, orphans, harmless=True)
