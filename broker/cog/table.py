"""Reads the compact table of communes; the only place that knows its format."""

import gzip
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


def _lines() -> Iterator[list[str]]:
    # One line at a time: forty thousand lists at once would stay in the memory of the process.
    with gzip.open(_DATA, "rt", encoding="utf-8") as table:
        for line in table:
            yield line.rstrip("\n").split("\t")


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
