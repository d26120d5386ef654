"""
Cuts the file of a registry into blocks of columns, in constant memory.

A block of plain lines (no quotes, the right number of commas everywhere) is cut with three calls;
anything else in it, from a stray NUL to a line of two megabytes, is looked at line by line.
"""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self, TypeVar

from broker.insured.registry.columns import HEADER, MANDATORY, Line
from broker.insured.registry.parsing import Block, Refusal

BLOCK_BYTES = 1 << 17
"""Bytes read at once, hence also the longest line; more than this leaves the processor's cache."""

_GZIP = b"\x1f\x8b"
_FIRST_LINE = 2

T = TypeVar("T")
Stream = BinaryIO | gzip.GzipFile


class HeaderError(ValueError):
    """The first line is no header of a registry; each fault is one sentence."""


class TruncatedError(ValueError):
    """The compressed file ends too early, or is damaged."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A block and the lines of it that could not be cut into fields."""

    block: Block
    refusals: list[Refusal]


def block_of(lines: Sequence[Line], first: int) -> Block:
    """A block of lines already cut, numbered from `first`."""
    columns = ([field.encode() for field in column] for column in zip(*lines, strict=True))
    return Block(dict(zip(HEADER, columns, strict=True)), range(first, first + len(lines)))


class OpenFile:
    """
    A file being read, decompressed when it is gzip, whatever it is called.

    `size` is its length on disk in bytes, `done()` how much of that was read.
    """

    def __init__(self, path: Path) -> None:
        self._raw = path.open("rb")
        compressed = self._raw.read(len(_GZIP)) == _GZIP
        self._raw.seek(0)
        self.stream: Stream = gzip.GzipFile(fileobj=self._raw) if compressed else self._raw
        self.size = path.stat().st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    def done(self) -> int:
        """Bytes read from the disk."""
        return self._raw.tell()


class Cutter:
    """
    Cuts the lines of a stream; HeaderError when its first line is no header.

    `position` (bytes, decompressed) and `line` tell what comes next, and where to take up a file
    that was read in part.
    """

    def __init__(self, stream: Stream, position: int = 0, line: int = 0) -> None:
        self._stream = stream
        header = _read(stream.readline)
        self._columns = _header(header)
        self.position = position or len(header)
        self.line = line or _FIRST_LINE
        _read(lambda _: stream.seek(self.position))

    def __iter__(self) -> Iterator[Cut]:
        rest = b""
        while chunk := _read(self._stream.read):
            data = rest + chunk
            end = data.rfind(b"\n") + 1
            rest = data[end:]
            if end:
                yield self._cut(data[:end])
            if len(rest) > BLOCK_BYTES:
                yield self._skip(len(rest))
                rest = b""
        if rest:
            yield self._cut(rest + b"\n")

    def _skip(self, begun: int) -> Cut:
        """Pass the rest of a line that is too long."""
        self.position += begun
        while piece := _read(self._stream.readline):
            self.position += len(piece)
            if piece.endswith(b"\n"):
                break
        refusal = Refusal(self.line, "", f"the line is longer than {BLOCK_BYTES} bytes")
        self.line += 1
        return Cut(self._block([[] for _ in self._columns], ()), [refusal])

    def _cut(self, data: bytes) -> Cut:
        count = data.count(b"\n")
        lines = range(self.line, self.line + count)
        self.line += count
        self.position += len(data)
        columns = self._plain(data, count)
        if columns is not None:
            return Cut(self._block(columns, lines), [])
        return self._line_by_line(data, lines)

    def _plain(self, data: bytes, count: int) -> list[list[bytes]] | None:
        """The columns of a block in which every line is plain, else None."""
        if b'"' in data or b"\0" in data or b"\r" in data:
            return None
        try:
            data.decode()
        except UnicodeDecodeError:
            return None
        # The end of each line becomes a field of its own: in a plain block every n-th field is one.
        fields = data.replace(b"\n", b",\n,").split(b",")
        width = len(self._columns) + 1
        if len(fields) != count * width + 1 or fields[width - 1 :: width].count(b"\n") != count:
            return None
        return [fields[index : count * width : width] for index in range(width - 1)]

    def _line_by_line(self, data: bytes, lines: range) -> Cut:
        rows: list[list[bytes]] = []
        numbers: list[int] = []
        refusals: list[Refusal] = []
        for number, line in zip(lines, data.split(b"\n"), strict=False):
            fields = self._fields(line.removesuffix(b"\r"))
            if isinstance(fields, str):
                refusals.append(Refusal(number, "", fields))
            elif fields:
                rows.append([field.encode() for field in fields])
                numbers.append(number)
        columns = [[row[index] for row in rows] for index in range(len(self._columns))]
        return Cut(self._block(columns, numbers), refusals)

    def _fields(self, line: bytes) -> list[str] | str:
        """The fields of one line (none for a blank one), or the rule it breaks."""
        if b"\0" in line:
            return "holds a NUL"
        try:
            fields = next(csv.reader([line.decode()], strict=True), [])
        except UnicodeDecodeError:
            return "is not UTF-8"
        except csv.Error:
            return "has a quote that never ends, or a field too long"
        if fields and len(fields) != len(self._columns):
            return f"has {len(fields)} columns in place of {len(self._columns)}"
        return fields

    def _block(self, columns: Sequence[Sequence[bytes]], lines: Sequence[int]) -> Block:
        fields = dict(zip(self._columns, columns, strict=True))
        absent = [b""] * len(lines)
        return Block({name: fields.get(name, absent) for name in HEADER}, lines)


def _read(read: Callable[[int], T]) -> T:
    try:
        return read(BLOCK_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise TruncatedError("the compressed file ends too early or is damaged") from fault


def _header(line: bytes) -> list[str]:
    text = line.decode("utf-8-sig", "replace").strip()
    names = next(csv.reader([text]), [])
    unknown = [name for name in names if name not in HEADER]
    missing = [name for name in MANDATORY if name not in names]
    doubled = sorted({name for name in names if names.count(name) > 1})
    faults = (("unknown", unknown), ("missing", missing), ("twice", doubled))
    if any(found for _, found in faults):
        said = "; ".join(f"{what}: {', '.join(found)}" for what, found in faults if found)
        raise HeaderError(f"the first line is no header of a registry ({said})")
    return names
