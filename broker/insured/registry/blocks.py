"""Cuts the file of a registry into blocks of whole lines, in constant memory."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self, TypeVar

from broker.insured.registry.columns import HEADER, MANDATORY
from broker.insured.registry.rows import Refusal

BLOCK_BYTES = 1 << 19
"""Bytes read at once, hence also the longest line: enough for whole columns to be worth while."""

_NO_HEADER = "the first line is no header of a registry ({})"
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
    """
    Whole lines of a file whose columns have these names, so many, the first of them numbered
    `first`; or none, and the line that was passed over.
    """

    data: bytes
    columns: tuple[str, ...]
    first: int
    count: int
    refusals: tuple[Refusal, ...] = ()


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
    Cuts a stream between its lines; HeaderError when its first line is no header.

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

    def _cut(self, data: bytes) -> Cut:
        cut = Cut(data, self._columns, self.line, data.count(b"\n"))
        self.line += cut.count
        self.position += len(data)
        return cut

    def _skip(self, begun: int) -> Cut:
        """Pass the rest of a line that is too long."""
        self.position += begun
        while piece := _read(self._stream.readline):
            self.position += len(piece)
            if piece.endswith(b"\n"):
                break
        refusal = Refusal(self.line, "", f"the line is longer than {BLOCK_BYTES} bytes")
        self.line += 1
        return Cut(b"", self._columns, self.line, 0, (refusal,))


def _read(read: Callable[[int], T]) -> T:
    try:
        return read(BLOCK_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise TruncatedError("the compressed file ends too early or is damaged") from fault


def _header(line: bytes) -> tuple[str, ...]:
    text = line.decode("utf-8-sig", "replace").strip()
    try:
        names = next(csv.reader([text]), [])
    except csv.Error as fault:
        raise HeaderError(_NO_HEADER.format("do its lines end with CR alone?")) from fault
    unknown = [name for name in names if name not in HEADER]
    missing = [name for name in MANDATORY if name not in names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if len(unknown) * 2 > len(names):
        # A file without header begins with somebody, who is nobody's business.
        raise HeaderError(_NO_HEADER.format(f"it names {len(names) - len(unknown)} columns"))
    faults = (("unknown", unknown), ("missing", missing), ("twice", twice))
    if any(found for _, found in faults):
        said = "; ".join(f"{what}: {', '.join(found)}" for what, found in faults if found)
        raise HeaderError(_NO_HEADER.format(said))
    return tuple(names)
