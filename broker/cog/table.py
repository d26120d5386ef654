"""Reads the compact table of communes; the only place that knows its format."""

import gzip
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "communes.tsv.gz"


@dataclass(frozen=True, slots=True)
class Relations:
    """
    How codes are tied to one another; a code with no tie is in neither.

    `above`: a code -> every code it equals upward (its present number, the communes that absorbed
    it, the city of an arrondissement). `group`: a code -> one name for all codes tied to it,
    however far: a search key, no equality.
    """

    above: dict[str, frozenset[str]]
    group: dict[str, str]


class _Table:
    """The lines as one text and where each begins: a tenth of what dictionaries of them take."""

    def __init__(self, text: bytes) -> None:
        self._text = text + b"\n"
        self._starts = array("I", [0])
        self._starts.extend(match.end() for match in re.finditer(b"\n", self._text))
        self._starts.pop()

    def __iter__(self) -> Iterator[list[str]]:
        return map(self._line, self._starts)

    def find(self, code: str) -> list[str] | None:
        """The line of this code, by bisection: they are sorted by it."""
        wanted = code.encode("utf-8", "replace")
        place = bisect_left(self._starts, wanted, key=self._code)
        if place == len(self._starts) or self._code(self._starts[place]) != wanted:
            return None
        return self._line(self._starts[place])

    def _code(self, start: int) -> bytes:
        return self._text[start : self._text.index(b"\t", start)]

    def _line(self, start: int) -> list[str]:
        return self._text[start : self._text.index(b"\n", start)].decode().split("\t")


@lru_cache(maxsize=1)
def _lines() -> _Table:
    return _Table(gzip.decompress(_DATA.read_bytes()))


def is_commune(code: str) -> bool:
    """Whether a commune has or had this code."""
    return _lines().find(code) is not None


def name_of(code: str) -> str | None:
    """The name of a commune code as in `names`, for one code."""
    line = _lines().find(code)
    if line is None:
        return None
    followed = (_lines().find(c) for c in (line[2], *line[3].split()))
    names_of_others = (found[1] for found in followed if found)
    return line[1] or next((name for name in names_of_others if name), "")


@lru_cache(maxsize=1)
def communes() -> frozenset[str]:
    """Every commune code, present or former, of the table."""
    return frozenset(line[0] for line in _lines())


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """
    Code -> name. A former code without a name of its own takes that of its present number, else
    that of the commune that absorbed it.
    """
    named = {code: name for code, name, _, _ in _lines() if name}
    for code, name, number, above in _lines():
        if not name:
            named[code] = next((named[c] for c in (number, *above.split()) if c in named), "")
    return named


@lru_cache(maxsize=1)
def relations() -> Relations:
    """The ties between codes, computed once from the table."""
    direct = {
        code: {*number.split(), *above.split()}
        for code, _, number, above in _lines()
        if number or above
    }
    return Relations({code: _closure(code, direct) for code in direct}, _groups(direct))


def _closure(code: str, direct: dict[str, set[str]]) -> frozenset[str]:
    reached: set[str] = set()
    todo = [code]
    while todo:
        for upper in direct.get(todo.pop(), ()):
            if upper not in reached:
                reached.add(upper)
                todo.append(upper)
    return frozenset(reached - {code})


def _groups(direct: dict[str, set[str]]) -> dict[str, str]:
    neighbours: dict[str, set[str]] = {}
    for code, uppers in direct.items():
        for upper in uppers:
            neighbours.setdefault(code, set()).add(upper)
            neighbours.setdefault(upper, set()).add(code)
    group: dict[str, str] = {}
    for code in sorted(neighbours):
        if code not in group:
            group.update(dict.fromkeys(_closure(code, neighbours) | {code}, code))
    return group
