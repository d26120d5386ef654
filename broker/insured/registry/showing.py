"""What the commands of the registry show on a terminal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from broker.insured.registry.checking import Check
from broker.insured.registry.desk_search import Ranked
from broker.insured.registry.importing import ImportResult


class Advance(Protocol):
    """Hears how much of how much is done, and how many lines that was."""

    def __call__(self, done: int, total: int, lines: int) -> None:
        """Draw it."""


@contextmanager
def progress(title: str, console: Console) -> Iterator[Advance]:
    """A bar with the rate and the time that remains; nothing when nobody watches."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[lines]:,} lines, {task.fields[rate]:,}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None, lines=0, rate=0)

        def advance(done: int, total: int, lines: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = int(lines / elapsed) if elapsed else 0
            bar.update(task, completed=done, total=total, lines=lines, rate=rate)

        yield advance


def origin(facts: Mapping[str, str], zone: tzinfo) -> str:
    """Where the registry in service comes from, and since when it is as it is."""
    if not facts["source"]:
        return "The registry is empty."
    when = facts["built_at"]
    if when.isdigit():
        when = f"{datetime.fromtimestamp(int(when), zone):%Y-%m-%d %H:%M}"
    return f"{facts['source']}, built {when}"


def result_table(result: ImportResult, seconds: float) -> Table:
    """How an import went."""
    tally, continuity = result.tally, result.continuity
    table = Table(box=None, show_header=False)
    if result.resumed_at:
        table.add_row("taken up again at line", f"{result.resumed_at:,}")
    table.add_row("lines read", f"{tally.lines:,}")
    table.add_row("lines refused", f"{tally.refused:,}")
    table.add_row("persons", f"{tally.persons:,}")
    table.add_row("accounts", f"{continuity.accounts:,}")
    table.add_row("accounts that lose their person", f"{continuity.lost:,}")
    table.add_row("seconds", f"{seconds:.1f}")
    table.add_row("in service", "yes" if result.published else "no: dry run")
    return table


def check_table(checks: list[Check]) -> Table:
    """What was examined."""
    table = Table("check", "rows", "not so", "")
    for check in checks:
        mark = "ok" if not check.wrong else ("to look at" if check.harmless else "WRONG")
        table.add_row(check.name, f"{check.rows:,}", f"{check.wrong:,}", mark)
    return table


def counts_table(counts: dict[str, int]) -> Table:
    """Counts by name."""
    table = Table(box=None, show_header=False)
    for name, count in counts.items():
        table.add_row(name, f"{count:,}")
    return table


def candidates_table(ranked: list[Ranked]) -> Table:
    """The persons nearest to an identity, and the traits in which each differs."""
    table = Table("number", "birth name", "first names", "born", "place", "differs in")
    for candidate in ranked:
        one = candidate.record
        table.add_row(
            str(one.person_id),
            one.family_name,
            " ".join(one.given_names),
            str(one.birthdate),
            one.birthplace or one.birthcountry,
            ", ".join(map(str, candidate.differing)) or "nothing",
        )
    return table
