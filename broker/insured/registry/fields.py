"""
Reads the fields of one column, a block of lines at a time.

A registry has 68 million lines: a field is judged by a memory of what was judged before where
values repeat (names, dates, places), and by one look at the whole block where they do not. Only a
block that fails such a look is read field by field. Fields are bytes, as they stand in the file;
values are in the form of whoever stores them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

MOST_REMEMBERED = 1 << 16
"""A memory that grows beyond this is emptied: the bound of what an import needs."""


class FieldError(ValueError):
    """The field breaks this rule; the field itself is never repeated."""


@dataclass(slots=True)
class Read:
    """The values of a column, and the rule that each refused line (by its index) breaks."""

    values: Sequence[Any]
    faults: dict[int, str] = field(default_factory=dict)


class Column(Protocol):
    """One way of reading a column."""

    def read(self, texts: Sequence[Any]) -> Read:
        """Judge every field."""


class _Memory(dict[bytes, Any]):
    """What was judged before; anything else is judged when it is first met."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, text: bytes) -> Any:
        value = self[text] = self._parse(text.decode())
        return value


class Remembered:
    """
    A column of few values: `parse` is asked once for each, FieldError refuses.

    Few, for a memory that leaves the processor's cache is dearer than reading again.
    """

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self._known = _Memory(parse)
        self._parse = parse

    def read(self, texts: Sequence[bytes]) -> Read:
        """Judge every field."""
        if len(self._known) > MOST_REMEMBERED - len(texts):
            self._known.clear()
        try:
            return Read(list(map(self._known.__getitem__, texts)))
        except FieldError:
            return one_by_one(self._parse, texts)


class Distinct:
    """
    A column whose values differ. A block whose fields all have the shape of `pattern` is read by
    `quick`, which may raise ValueError to have each field read by `parse` after all. `quick` is
    given the fields, and the same joined by line breaks.
    """

    def __init__(
        self,
        pattern: str,
        quick: Callable[[Sequence[bytes], bytes], Sequence[Any]],
        parse: Callable[[str], Any],
    ) -> None:
        # Possessive: nothing to remember of the lines already passed.
        self._block = re.compile(rf"(?:(?:{pattern})\n)*+".encode())
        self._quick, self._parse = quick, parse

    def read(self, texts: Sequence[bytes]) -> Read:
        """Judge every field."""
        joined = b"\n".join([*texts, b""])
        if self._block.fullmatch(joined):
            try:
                return Read(self._quick(texts, joined))
            except ValueError:
                pass
        return one_by_one(self._parse, texts)


def one_by_one(parse: Callable[[str], Any], texts: Sequence[bytes]) -> Read:
    """Read field by field, noting the rule that each refused one breaks."""
    values: list[Any] = []
    read = Read(values)
    for index, text in enumerate(texts):
        try:
            values.append(parse(text.decode()))
        except FieldError as fault:
            values.append(None)
            read.faults[index] = str(fault)
    return read
