"""Fills a builder with blocks: parse, store, refuse, note how far it came."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from broker.insured.registry.blocks import Cut, block_of
from broker.insured.registry.building import Builder
from broker.insured.registry.columns import Line
from broker.insured.registry.parsing import Parser, Refusal

_LINES_AT_ONCE = 4096
_FIRST_LINE = 2


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
    parser: Parser
    report: Callable[[Iterable[Refusal]], None]
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        """The parser speaks as the builder understands."""
        self.parser.speak(self.builder.form)

    def take(self, cut: Cut) -> None:
        """Parse a block and store what is right of it."""
        rows = self.parser.rows(cut.block)
        refusals = [*cut.refusals, *rows.refusals]
        self.tally.lines += len(cut.block.lines) + len(cut.refusals)
        if len(rows):
            refusals += self.builder.add(rows)
        self.refuse(refusals)

    def refuse(self, refusals: list[Refusal]) -> None:
        """Count and report refused lines."""
        if refusals:
            self.tally.refused += len(refusals)
            self.report(sorted(refusals, key=lambda refusal: refusal.line))


def cuts_of(lines: Iterable[Line]) -> Iterable[Cut]:
    """Lines that were never in a file, as if cut from one."""
    source, number = iter(lines), _FIRST_LINE
    while chunk := list(islice(source, _LINES_AT_ONCE)):
        yield Cut(block_of(chunk, number), [])
        number += len(chunk)
