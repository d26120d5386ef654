"""
The fields of a block as places in its bytes: no field is made an object to be judged.

A block of plain lines (no quotes, the right number of commas everywhere) is measured with a few
operations on all its bytes at once; anything else in it, from a stray NUL to a missing comma, is
looked at line by line.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from broker.insured.registry.blocks import Cut
from broker.insured.registry.rows import Refusal

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

COMMA, BREAK = b",\n"
PAD = 64
"""Bytes before the first field and behind the last: no window of at most so many ends outside."""

_BEFORE, _BEHIND = b"0" * PAD, b"\n" * PAD
_NOT_PLAIN = (b'"', b"\0", b"\r")


@dataclass(frozen=True)
class Texts:
    """A column of fields one behind the other, a line break after each; `ends` are the breaks."""

    data: Bytes
    ends: Numbers

    def rows_of(self, marked: Flags) -> Flags:
        """The fields among whose bytes, or their line break, one is marked."""
        rows = np.zeros(len(self.ends), bool)
        rows[np.searchsorted(self.ends, np.flatnonzero(marked))] = True
        return rows

    @cached_property
    def joined(self) -> bytes:
        """All of it."""
        return self.data.tobytes()

    def split(self) -> list[bytes]:
        """Each field."""
        return self.joined.split(b"\n")[:-1]

    def decoded(self) -> list[str]:
        """Each field, as text."""
        return self.joined.decode().split("\n")[:-1]


class Fields:
    """
    The fields of some lines of one block. `starts` and `ends` are offsets in `data`, by column;
    every field is UTF-8 and holds no line break.
    """

    def __init__(
        self,
        data: bytes,
        starts: Mapping[str, Numbers],
        ends: Mapping[str, Numbers],
        lines: Numbers,
    ) -> None:
        self.data, self.starts, self.ends, self.lines = data, starts, ends, lines
        self.buffer = np.frombuffer(data, np.uint8)
        self._none = np.zeros(len(lines), np.int64)
        self._texts: dict[str, Texts] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def span(self, column: str) -> tuple[Numbers, Numbers]:
        """Where the fields of a column start and end; empty where the file leaves it out."""
        return self.starts.get(column, self._none), self.ends.get(column, self._none)

    def lengths(self, column: str) -> Numbers:
        """Bytes of each field."""
        starts, ends = self.span(column)
        return ends - starts

    def first(self, column: str) -> Bytes:
        """The first byte of each field; of an empty one, whatever stands there."""
        return self.buffer[self.span(column)[0]]

    def words(self, starts: Numbers) -> NDArray[np.uint64]:
        """The eight bytes from each of these offsets on, the first the lowest of one number."""
        every = np.ndarray((len(self.data) - 7,), "<u8", self.data, strides=(1,))
        return every[starts]

    def windows(self, starts: Numbers, width: int) -> Bytes:
        """So many bytes from each of these offsets, one row for each."""
        # One item of so many bytes begins at every byte: taking some copies each at once.
        every = np.ndarray((len(self.data) - width + 1,), f"V{width}", self.data, strides=(1,))
        return every[starts].view(np.uint8).reshape(-1, width)

    def texts(self, column: str) -> Texts:
        """The fields of a column, put together."""
        if column not in self._texts:
            self._texts[column] = self.gathered(*self.span(column))
        return self._texts[column]

    def gathered(self, starts: Numbers, ends: Numbers) -> Texts:
        """What stands between these offsets, put together."""
        lengths = ends - starts + 1
        after = np.cumsum(lengths)
        places = np.repeat(starts - after + lengths, lengths)
        places += np.arange(len(places))
        data = self.buffer[places]
        data[after - 1] = BREAK
        return Texts(data, after - 1)

    def text(self, column: str, index: int) -> str:
        """One field."""
        starts, ends = self.span(column)
        return self.data[starts[index] : ends[index]].decode()

    def only(self, kept: Flags) -> "Fields":
        """Some of the lines."""
        starts = {column: places[kept] for column, places in self.starts.items()}
        ends = {column: places[kept] for column, places in self.ends.items()}
        return Fields(self.data, starts, ends, self.lines[kept])


def fields_of(cut: Cut) -> tuple[Fields, list[Refusal]]:
    """The fields of a block, and the lines that could not be cut into fields."""
    fields = _plain(cut)
    return _line_by_line(cut) if fields is None else (fields, [])


def _plain(cut: Cut) -> Fields | None:
    """The fields of a block in which every line is plain, else None."""
    data, count, width = cut.data, cut.count, len(cut.columns)
    if any(byte in data for byte in _NOT_PLAIN):
        return None
    try:
        data.decode()
    except UnicodeDecodeError:
        return None
    buffer = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero((buffer == COMMA) | (buffer == BREAK))
    # As many breaks as lines, and one at every so many ends: all other ends are commas.
    if len(ends) != count * width or (buffer[ends[width - 1 :: width]] != BREAK).any():
        return None
    return _measured(data, ends, cut.columns, np.arange(cut.first, cut.first + count))


def _measured(data: bytes, ends: Numbers, columns: Sequence[str], lines: Numbers) -> Fields:
    """Fields that end at these offsets of `data`, one byte between any two, line after line."""
    by_column = np.ascontiguousarray(ends.reshape(len(lines), len(columns)).T) + PAD
    starts = np.empty_like(by_column)
    starts[1:] = by_column[:-1] + 1
    starts[0, :1] = PAD
    starts[0, 1:] = by_column[-1, :-1] + 1
    return Fields(
        b"".join((_BEFORE, data, _BEHIND)),
        dict(zip(columns, starts, strict=True)),
        dict(zip(columns, by_column, strict=True)),
        lines,
    )


def _line_by_line(cut: Cut) -> tuple[Fields, list[Refusal]]:
    texts: list[bytes] = []
    numbers: list[int] = []
    refusals: list[Refusal] = []
    for number, line in enumerate(cut.data.split(b"\n")[:-1], cut.first):
        fields = _cut_line(line.removesuffix(b"\r"), len(cut.columns))
        if isinstance(fields, str):
            refusals.append(Refusal(number, "", fields))
        elif fields:
            texts += map(str.encode, fields)
            numbers.append(number)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    data, ends = b"\n".join([*texts, b""]), np.cumsum(lengths + 1) - 1
    return _measured(data, ends, cut.columns, np.array(numbers, np.int64)), refusals


def _cut_line(line: bytes, width: int) -> list[str] | str:
    """The fields of one line (none for a blank one), or the rule it breaks."""
    if b"\0" in line:
        return "holds a NUL"
    try:
        fields = next(csv.reader([line.decode()], strict=True), [])
    except UnicodeDecodeError:
        return "is not UTF-8"
    except csv.Error:
        return "has a quote that never ends, or a field too long"
    if fields and len(fields) != width:
        return f"has {len(fields)} columns in place of {width}"
    return fields
