"""Writes the registry in service as a file that import reads back to the same registry."""

import csv
import gzip
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection, Engine, Row, select

from broker.insured.registry.columns import HEADER, Line
from broker.insured.registry.iban import exported as exported_iban
from broker.insured.registry.packing import (
    BAR,
    DECEASED,
    PRESUMED,
    RIGHTS_OPEN,
    SCHEMES,
    unpacked_date,
    unpacked_mobile,
    unpacked_nir,
    unpacked_place,
)
from broker.insured.registry.store import scanning
from broker.insured.registry.tables import FORMER, LABEL, PERSON

_BATCH = 5000
_GZIP_LEVEL = 1
_PERSONS = select(PERSON).order_by(PERSON.c.person_id).execution_options(yield_per=_BATCH)
_BEFORE = select(FORMER).order_by(FORMER.c.person_id).execution_options(yield_per=_BATCH)
_BITS = {True: "1", False: "0"}

Before = dict[str, list[str]]

_NOBODY: tuple[int, Iterable[Any]] = (sys.maxsize, ())


def write_lines(file: Path, lines: Iterable[Line], wrote: Callable[[int], None]) -> int:
    """
    Write lines under the header, compressed when the name ends in .gz; returns how many.

    `wrote` hears how many so far, now and then. The file takes its name when it is whole, so that
    half a registry never looks like one.
    """
    count, partial = 0, file.with_name(f"{file.name}.part")
    with _opened(partial, compressed=file.suffix == ".gz") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADER)
        for line in lines:
            writer.writerow(line)
            count += 1
            if count % _BATCH == 0:
                wrote(count)
    partial.replace(file)
    return count


@contextmanager
def _opened(file: Path, *, compressed: bool) -> Iterator[TextIO]:
    if compressed:
        with gzip.open(file, "wt", _GZIP_LEVEL, encoding="utf-8", newline="") as text:
            yield text
    else:
        with file.open("w", encoding="utf-8", newline="") as text:
            yield text


def exported(engine: Engine) -> Iterator[Line]:
    """Every person of the registry in service, by number; IBANs leave as fingerprints."""
    with scanning(engine) as connection:
        labels = {row.id: row.text for row in connection.execute(select(LABEL))}
        former = _Former(connection)
        for row in connection.execute(_PERSONS):
            yield _line(row, labels, former.of(row.person_id))


class _Former:
    """What persons were called and numbered before, read beside them in the same order."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(_BEFORE)
        self._groups = groupby(rows, key=attrgetter("person_id"))
        self._number: int
        self._rows: Iterable[Any]
        self._number, self._rows = next(self._groups, _NOBODY)

    def of(self, number: int) -> Before:
        """Of one person: kind -> values. To be asked with ever greater numbers."""
        while self._number < number:
            self._number, self._rows = next(self._groups, _NOBODY)
        before: Before = {}
        for row in self._rows if self._number == number else ():
            before.setdefault(row.kind, []).append(row.value)
        return before


def _line(row: Row[*tuple[Any, ...]], labels: dict[int, str], former: Before) -> Line:
    birthplace, birthcountry = unpacked_place(row.birthplace)
    since = unpacked_date(row.iban_since) if row.iban_since else ""
    return Line(
        number=str(row.person_id),
        nir=unpacked_nir(row.nir_number),
        family_name=row.family_name,
        given_names=row.given_names,
        usage_name=row.usage_name or "",
        sex="M" if row.sex == 1 else "F",
        birthdate=str(unpacked_date(row.birthdate)),
        birthplace=birthplace or "",
        birthcountry=birthcountry,
        presumed=_BITS[bool(row.flags & PRESUMED)],
        deceased=_BITS[bool(row.flags & DECEASED)],
        rights_open=_BITS[bool(row.flags & RIGHTS_OPEN)],
        scheme=SCHEMES[row.scheme],
        fund=labels.get(row.fund, ""),
        postal_code=f"{row.postal_code:05d}" if row.postal_code is not None else "",
        iban=exported_iban(bytes(row.iban)) if row.iban else "",
        iban_since=str(since),
        parent=str(row.parent_id or ""),
        email=row.email or "",
        mobile=unpacked_mobile(row.mobile) or "",
        former_nirs=BAR.join(former.get("nir", ())),
        former_names=BAR.join(former.get("family_name", ())),
    )
