"""What an import hands from one step to the next: rows to store, and lines that were refused."""

from dataclasses import dataclass, field
from typing import Any, Literal

FormName = Literal["bound", "copied"]
"""How a builder wants its rows, see `forms.py`."""

NO_NUMBER = -1
"""What a number reads that the file leaves out; the registry keeps NULL."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused line: its number in the file (the header is 1), the column, the broken rule."""

    line: int
    column: str
    rule: str


@dataclass(slots=True)
class Rows:
    """
    What became of a block of so many `lines`: `count` rows of PERSON in the form of whoever stores
    them, what goes to FORMER as (person_id, line, kind, value), and the refused lines.
    """

    lines: int
    count: int
    stored: Any
    former: list[tuple[int, int, str, str]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
