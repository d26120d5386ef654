"""
How good the matching is: what it links, what it refuses, whom it never confuses.

    python benchmarks/matching.py [--persons 200000] [--queries 300000] [--each 5000] [--seed 36]
                                  [--rivals 60000] [--minutes 60] [--database URL] [--name matching]

Draws a population with the registry's generator, sends queries whose truth is known (see
`matching_queries.py` for the classes), and prints for each class what became of them, beside two
other matchers on the same queries. `--queries` counts the adversarial ones, of people who are not
in the registry; `--each` those of every class of registered people; `--rivals` how many of each
class the two others are asked as well. Without `--database` the look-ups run in memory; with it
they are the broker's own, on a registry generated and imported before with `passerelle registry`,
and `--persons` is read from there. After `--minutes` no further query is made, and what was
measured until then is told.

A table is printed, JSON and a plot go to `benchmarks/results/` under `--name`. The JSON is written
as the run goes, so that one that is stopped still tells its counts (`finished` false); it shows the
first wrong links in full. The last line is for machines; the exit status is 1 when a floor was
missed or anybody was linked to a stranger.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import chain, takewhile
from pathlib import Path
from random import Random

import click
from matching_index import InDatabase, Index, InMemory
from matching_people import people, strangers
from matching_plot import draw
from matching_queries import ABSENT, FIRST_FLOORS, FIVE_FLOORS, LINK_FLOORS, absent, present
from matching_rivals import THRESHOLDS
from matching_score import Tally, run, shortfalls
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from broker.insured.matching.records import RegistryRecord

RESULTS = Path(__file__).parent / "results"
SAMPLE = 300_000
STRANGERS = 100_000


@dataclass(frozen=True)
class Asked:
    """What to measure."""

    persons: int
    queries: int
    each: int
    seed: int
    rivals: int
    minutes: float
    database: str | None
    name: str


@click.command()
@click.option("--persons", default=200_000, show_default=True)
@click.option("--queries", default=300_000, show_default=True, help="of absent people")
@click.option("--each", default=5_000, show_default=True, help="of each class Q0-Q13")
@click.option("--seed", default=36, show_default=True)
@click.option("--rivals", default=60_000, show_default=True, help="of each class")
@click.option("--minutes", default=60.0, show_default=True, help="at most")
@click.option("--database", help="URL of an insured database whose registry is in service")
@click.option("--name", default="matching", show_default=True, help="of the files of results")
def main(**options: object) -> None:
    """Measure as asked."""
    asked = Asked(**options)  # type: ignore[arg-type]  # click has checked each of them
    with index_of(asked) as (index, sample):
        chance = Random(asked.seed)
        started = time.perf_counter()
        end = started + asked.minutes * 60
        others = strangers(min(STRANGERS, asked.queries), asked.seed)
        queries = chain(
            present(sample, asked.each, chance), absent(sample, others, asked.queries, chance)
        )
        in_time = takewhile(lambda _: time.perf_counter() < end, queries)
        asked = replace(asked, persons=index.persons)

        def save(tallies: dict[str, Tally], *, finished: bool = False) -> None:
            seconds = time.perf_counter() - started
            write(asked, dict(sorted(tallies.items(), key=_order)), seconds, finished=finished)

        tallies = run(in_time, index, rivals=asked.rivals, hears=save)
        save(tallies, finished=True)
    report(asked, dict(sorted(tallies.items(), key=_order)))
    sys.exit(bool(shortfalls(tallies)))


@contextmanager
def index_of(asked: Asked) -> Iterator[tuple[Index, list[RegistryRecord]]]:
    """Where the registry is, and a sample of its people to make queries of."""
    if asked.database:
        with InDatabase.opened(asked.database) as index:
            yield index, index.sample(SAMPLE, Random(asked.seed))
        return
    everybody = list(people(asked.persons, asked.seed))
    sample = everybody if len(everybody) <= SAMPLE else Random(asked.seed).sample(everybody, SAMPLE)
    yield InMemory(everybody), sample


def _order(item: tuple[str, Tally]) -> tuple[bool, int, str]:
    kind = item[0]
    return kind in ABSENT, int("".join(filter(str.isdigit, kind))), kind


def write(asked: Asked, tallies: dict[str, Tally], seconds: float, *, finished: bool) -> None:
    """The JSON, whole at any time."""
    told = asdict(asked)
    told["database"] = asked.database and make_url(asked.database).get_backend_name()
    wrong, adversarial = _sums(tallies)
    document = {
        "asked": told,
        "finished": finished,
        "seconds": round(seconds, 1),
        "wrong_links": wrong,
        "adversarial_queries": adversarial,
        "rate_bound_95": _bound(wrong, adversarial),
        "floors_missed": shortfalls(tallies),
        "classes": {kind: asdict(tally) for kind, tally in tallies.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    partial = RESULTS / f"{asked.name}.json.part"
    partial.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    partial.replace(RESULTS / f"{asked.name}.json")


def report(asked: Asked, tallies: dict[str, Tally]) -> None:
    """The table, the plot, and the last line."""
    wrong, adversarial = _sums(tallies)
    console = Console(width=170)
    console.print(_table(tallies))
    for sentence in shortfalls(tallies):
        console.print(f"[red]{sentence}")
    bound = _bound(wrong, adversarial)
    if bound:
        console.print(f"No wrong link in {adversarial:,} adversarial queries: rate < {bound:.1e}")
    title = f"{asked.persons:,} persons, {adversarial:,} queries of absent people"
    draw(tallies, RESULTS / f"{asked.name}.png", title)
    click.echo(_last_line(tallies, wrong, adversarial))


def _sums(tallies: dict[str, Tally]) -> tuple[int, int]:
    """Wrong links, and queries of absent people."""
    adversarial = sum(tally.queries for kind, tally in tallies.items() if kind in ABSENT)
    return sum(tally.wrong_links for tally in tallies.values()), adversarial


def _bound(wrong: int, adversarial: int) -> float | None:
    """The rate that 95 % confidence leaves below it, when nothing was wrong: the rule of three."""
    return 3 / adversarial if adversarial and not wrong else None


def _last_line(tallies: dict[str, Tally], wrong: int, adversarial: int) -> str:
    recalls = (
        f"recall_{kind.lower()}={tally.rate(tally.right_links):.5f}"
        for kind, tally in tallies.items()
        if kind in LINK_FLOORS
    )
    return " ".join([f"wrong_links={wrong}", f"n_queries={adversarial}", *recalls])


def _table(tallies: dict[str, Tally]) -> Table:
    rivals = ["equality", *(f"fuzzy {threshold:.2f}" for threshold in THRESHOLDS)]
    table = Table(title="what became of the queries; rivals: rightly / wrongly linked")
    for name in ("class", "queries", "linked", "wrong", "alike", "ambiguous", "first", "first 5"):
        table.add_column(name, justify="right")
    for name in rivals:
        table.add_column(name, justify="right")
    for kind, tally in tallies.items():
        desk = kind in FIRST_FLOORS.keys() | FIVE_FLOORS.keys()
        table.add_row(
            kind,
            f"{tally.queries:,}",
            f"{tally.rate(tally.right_links):.3%}",
            str(tally.wrong_links),
            str(tally.indistinguishable),
            str(tally.ambiguous),
            f"{tally.rate(tally.first):.2%}" if desk else "",
            f"{tally.rate(tally.five):.2%}" if desk else "",
            *(
                f"{tally.rival_rate(tally.rival_right.get(name, 0)):.1%} / "
                f"{tally.rival_rate(tally.rival_wrong.get(name, 0)):.1%}"
                for name in rivals
            ),
        )
    return table


if __name__ == "__main__":
    main()
