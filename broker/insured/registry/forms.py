"""
The forms in which the two drivers take rows quickest: objects for SQLite, one text of bytes for
PostgreSQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Integer, LargeBinary, SmallInteger, Text

from broker.insured.registry.ibans import WIDTH
from broker.insured.registry.rows import NO_NUMBER, FormName
from broker.insured.registry.spans import Bytes, Fields, Numbers
from broker.insured.registry.tables import PERSON

_TEXTS = [column.name for column in PERSON.columns if isinstance(column.type, Text)]
_BLOBS = [column.name for column in PERSON.columns if isinstance(column.type, LargeBinary)]
_SIZES = ((BigInteger, 8), (SmallInteger, 2), (Integer, 4))
_WIDTHS = {
    column.name: next(size for kind, size in _SIZES if isinstance(column.type, kind))
    for column in PERSON.columns
    if isinstance(column.type, Integer)
}
_ALWAYS = [name for name in _WIDTHS if not PERSON.columns[name].nullable]
_LENGTH = 4
"""Bytes that tell how long a field is."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The columns of PERSON for some lines: numbers, IBANs as rows of bytes, texts as fields."""

    numbers: Mapping[str, Numbers]
    ibans: Bytes
    fields: Fields


class Form(Protocol):
    """One way of handing over rows."""

    def stored(self, judged: Judged) -> Any:
        """Rows, as the builder of this form takes them."""


class Bound:
    """
    For `execute` of sqlite3: the columns of PERSON in their order, of int, str and bytearray.

    What a line leaves out reads NO_NUMBER or is empty, for the driver takes long over None.
    """

    def stored(self, judged: Judged) -> list[list[Any]]:
        """Columns."""
        return [self._column(column.name, judged) for column in PERSON.columns]

    def _column(self, name: str, judged: Judged) -> list[Any]:
        if name in _TEXTS:
            return judged.fields.texts(name).decoded()
        if name in _BLOBS:
            return self._blobs(judged)
        numbers: list[Any] = judged.numbers[name].tolist()
        return numbers

    def _blobs(self, judged: Judged) -> list[bytearray]:
        kept, empty = bytearray(judged.ibans.tobytes()), bytearray()
        return [
            kept[at : at + WIDTH] if length else empty
            for at, length in zip(
                range(0, len(kept), WIDTH), judged.fields.lengths("iban").tolist(), strict=True
            )
        ]


class Copied:
    """
    For the binary format of COPY: each row is the count of its fields, then the length of each in
    four bytes and the field; a length of -1 is NULL. Its header and end are the builder's.

    The numbers that are always there stand first among the columns, and are written together.
    """

    def __init__(self) -> None:
        places: list[tuple[str, str]] = [("fields", ">i2")]
        for name in _ALWAYS:
            places += [(f"length of {name}", ">i4"), (name, f">i{_WIDTHS[name]}")]
        self._head = np.dtype(places)
        self._rest = [column for column in PERSON.columns if column.name not in _ALWAYS]

    def stored(self, judged: Judged) -> bytes:
        """Rows."""
        count, whole = len(judged.fields), self._head.itemsize
        if not count:
            return b""
        lengths = [_lengths(column.name, judged) for column in self._rest]
        sizes = whole + _LENGTH * len(lengths) + np.sum(lengths, axis=0)
        at, sheet = np.cumsum(sizes) - sizes, _Sheet(int(sizes.sum()))
        sheet.write(at, self._heads(judged))
        at += whole
        for column, length in zip(self._rest, lengths, strict=True):
            absent = -1 if column.nullable else 0
            sheet.write(at, np.where(length, length, absent).astype(">i4"))
            at += _LENGTH
            self._field(sheet, column.name, at[length > 0], judged)
            at += length
        return sheet.bytes.tobytes()

    def _heads(self, judged: Judged) -> NDArray[Any]:
        heads = np.empty(len(judged.fields), self._head)
        heads["fields"] = len(PERSON.columns)
        for name in _ALWAYS:
            heads[f"length of {name}"] = _WIDTHS[name]
            heads[name] = judged.numbers[name]
        return heads

    @staticmethod
    def _field(sheet: "_Sheet", name: str, at: Numbers, judged: Judged) -> None:
        """Write the fields of one column that are there."""
        if name in _TEXTS:
            starts, ends = judged.fields.span(name)
            there = ends > starts
            sheet.copy(at, judged.fields.buffer, starts[there], (ends - starts)[there])
        elif name in _BLOBS:
            there = judged.fields.lengths(name) > 0
            sheet.write(at, judged.ibans[there].view(f"V{WIDTH}").ravel())
        else:
            values = judged.numbers[name]
            sheet.write(at, values[values != NO_NUMBER].astype(f">i{_WIDTHS[name]}"))


def _lengths(name: str, judged: Judged) -> Numbers:
    """Bytes of each field, 0 for one that is not there."""
    if name in _TEXTS:
        return judged.fields.lengths(name)
    if name in _BLOBS:
        return WIDTH * (judged.fields.lengths(name) > 0)
    return np.where(judged.numbers[name] == NO_NUMBER, 0, _WIDTHS[name])


class _Sheet:
    """So many bytes to be written anywhere."""

    def __init__(self, size: int) -> None:
        self.bytes = np.empty(size, np.uint8)

    def write(self, at: Numbers, items: NDArray[Any]) -> None:
        """Write one item at each of these offsets."""
        places = len(self.bytes) - items.itemsize + 1
        np.ndarray((places,), items.dtype, self.bytes.data, strides=(1,))[at] = items

    def copy(self, at: Numbers, source: Bytes, starts: Numbers, lengths: Numbers) -> None:
        """Copy so many bytes from each of `starts` in the source to each of these offsets."""
        before = np.cumsum(lengths) - lengths
        run = np.arange(lengths.sum())
        self.bytes[run + np.repeat(at - before, lengths)] = source[
            run + np.repeat(starts - before, lengths)
        ]


FORMS: dict[FormName, Form] = {"bound": Bound(), "copied": Copied()}
