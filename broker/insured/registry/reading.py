"""
Reads one column of a block: all its fields at once, and by itself each that asks for more.

A registry has 68 million lines, so what is usual is judged by operations on whole columns; whatever
is unusual, be it wrong or merely rare, is asked of the rule of its column (`rules.py`), whose word
is the last. The two never differ: a test compares them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from broker.insured.registry.digits import Glance
from broker.insured.registry.fields import FieldError
from broker.insured.registry.spans import Fields, Flags

MOST_REMEMBERED = 1 << 16
"""A memory that grows beyond this forgets: the bound of what an import needs."""

_SELDOM = 1 << 12
"""Answers of a rule that are kept: of what is rare, little comes again."""


@dataclass(slots=True)
class Read:
    """The values of a column, and the rule that each refused line (by its index) breaks."""

    values: NDArray[Any]
    faults: dict[int, str] = field(default_factory=dict)


class Column(Protocol):
    """One way of reading a column."""

    def read(self, fields: Fields) -> Read:
        """Judge every field."""


def settled(values: NDArray[Any], doubtful: Flags, judge: Callable[[int], Any]) -> Read:
    """The values of a column, once each doubtful one was asked of `judge` by its index."""
    read = Read(values)
    for index in np.flatnonzero(doubtful).tolist():
        try:
            values[index] = judge(index)
        except FieldError as fault:
            read.faults[index] = str(fault)
    return read


class Asked:
    """A column of numbers: `quick` for all, and for each that it doubts `rule` of the texts."""

    def __init__(
        self, quick: Callable[[Fields], Glance], rule: Callable[..., int], *columns: str
    ) -> None:
        self._quick, self._columns = quick, columns
        self._rule = lru_cache(_SELDOM)(rule)

    def read(self, fields: Fields) -> Read:
        """Judge every field."""
        values, doubtful = self._quick(fields)
        return settled(values, doubtful, lambda index: self._rule(*self._texts(fields, index)))

    def _texts(self, fields: Fields, index: int) -> Iterator[str]:
        return (fields.text(column, index) for column in self._columns)


class Memory(dict[bytes, int]):
    """What was judged before; anything else is judged when it is first met."""

    def __init__(self, rule: Callable[[str], int]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, text: bytes) -> int:
        if len(self) > MOST_REMEMBERED:
            self.clear()
        value = self[text] = self._rule(text.decode())
        return value


class Few:
    """A column of texts of which there are few: the rule is asked once for each."""

    def __init__(self, rule: Callable[[str], int], column: str) -> None:
        self._known, self._column = Memory(rule), column

    def read(self, fields: Fields) -> Read:
        """Judge every field."""
        texts = fields.texts(self._column).split()
        try:
            return Read(np.array([*map(self._known.__getitem__, texts)], np.int64))
        except FieldError:
            every = np.ones(len(texts), bool)
            return settled(every.astype(np.int64), every, lambda index: self._known[texts[index]])


class Shaped:
    """
    A column of texts: those that have the shape of `pattern` or are empty are right, any other is
    asked of `rule`. Its values say nothing.
    """

    def __init__(self, pattern: str, rule: Callable[[str], object], column: str) -> None:
        # Possessive: nothing to remember of the lines already passed.
        self._right = re.compile(rf"(?:(?:{pattern})?\n)*+".encode())
        self._rule, self._column = rule, column

    def read(self, fields: Fields) -> Read:
        """Judge every field."""
        texts = fields.texts(self._column)
        doubtful = np.zeros(len(fields), bool)
        doubtful[np.searchsorted(texts.ends, [*self._odd(texts.joined)])] = True
        return settled(np.zeros(len(fields), np.int64), doubtful, partial(self._judge, fields))

    def _odd(self, joined: bytes) -> Iterator[int]:
        """Where fields begin that have another shape."""
        at = 0
        while (match := self._right.match(joined, at)) and match.end() < len(joined):
            yield match.end()
            at = joined.index(b"\n", match.end()) + 1

    def _judge(self, fields: Fields, index: int) -> int:
        self._rule(fields.text(self._column, index))
        return 0
