"""Fills a builder with blocks: parse, store, refuse, note how far it came."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING

from broker.insured.registry.blocks import Cut
from broker.insured.registry.building import Builder
from broker.insured.registry.columns import HEADER, Line
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.rows import Refusal

if TYPE_CHECKING:
    from broker.insured.registry.parsing import Parser

_LINES_AT_ONCE = 4096
_FIRST_LINE = 2


def new_parser(
    printer: IbanPrinter, labels: Mapping[str, int] | None = None, latest: date = date.max
) -> "Parser":
    """A parser; numpy comes with it, twenty megabytes for which a node has no use."""
    parsing = import_module("broker.insured.registry.parsing")
    made: Parser = parsing.Parser(printer, labels, latest)
    return made


@dataclass(slots=True)
class Tally:
    """How a load goes: lines read (the header excepted) and lines refused."""

    lines: int = 0
    refused: int = 0

    @property
    def persons(self) -> int:
        """Lines stored."""
        return self.lines - self.refused


@dataclass(slots=True)
class Loading:
    """One load into one builder; `report` hears of every refused line."""

    builder: Builder
    parser: "Parser"
    report: Callable[[Iterable[Refusal]], None]
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        """The parser speaks as the builder understands."""
        self.parser.speak(self.builder.form)

    def take(self, cut: Cut) -> None:
        """Parse a block and store what is right of it."""
        rows = self.parser.rows(cut)
        self.tally.lines += rows.lines
        late = self.builder.add(rows) if rows.count else []
        self.refuse([*rows.refusals, *late])

    def refuse(self, refusals: list[Refusal]) -> None:
        """Count and report refused lines."""
        if refusals:
            self.tally.refused += len(refusals)
            self.report(sorted(refusals, key=lambda refusal: refusal.line))


def cuts_of(lines: Iterable[Line]) -> Iterable[Cut]:
    """Lines that were never in a file, as if cut from one."""
    source, number = iter(lines), _FIRST_LINE
    while chunk := list(islice(source, _LINES_AT_ONCE)):
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(chunk)
        yield Cut(text.getvalue().encode(), HEADER, number, len(chunk))
        number += len(chunk)
