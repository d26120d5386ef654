"""
How fast the registry is, and what it weighs: generate, import, look up, decide.

    python benchmarks/registry.py [--persons 100000,1000000] [--engine sqlite] [--engine postgresql]
                                  [--queries 20000] [--seed 36] [--folder DIR] [--url URL]

For each size a file is generated, imported on each engine by a process of its own, and asked for
warm look-ups through the broker's own function: half of persons who are there, half of strangers,
some written otherwise. PostgreSQL is a server of its own, started here unless `--url` names one.

A table is printed, JSON and a plot of latency against rows go to `benchmarks/results/`. The last
line is for machines and tells the largest size on the first engine.
"""

import json
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

import click
from accounting import machine_ms
from registry_engines import Bench, bench
from registry_people import asked
from registry_plot import draw
from registry_scale import ASSUMPTIONS, Extrapolation, extrapolated
from rich.console import Console
from rich.table import Table

from broker.database import reading
from broker.insured.match import match
from broker.insured.registry.exporting import write_lines
from broker.insured.registry.generate import persons
from broker.insured.registry.importing import Importer, ImportOrder
from broker.insured.registry.lookup import candidates
from broker.sealing import Sealer
from providers.identity import PivotIdentity

RESULTS = Path(__file__).parent / "results"
TODAY = date(2026, 3, 1)
SECRET = "secret-of-the-benchmark-0123456789abcdef"  # noqa: S105 - of no real system
WARM_UP = 0.2
"""The share of the queries made before any is counted."""


@dataclass(frozen=True)
class Figures:
    """One size on one engine; rates in rows a second, latencies in milliseconds."""

    engine: str
    rows: int
    import_rows_per_s: float
    import_rows_per_cpu_s: float
    import_mib: float
    bytes_per_row: float
    lookup_p50_ms: float
    lookup_p99_ms: float
    decision_p50_ms: float
    decision_p99_ms: float
    decisions_per_s: float
    candidates_mean: float


@dataclass(frozen=True)
class Loaded:
    """What an import cost; seconds, seconds of this process's CPU, MiB at the highest."""

    seconds: float
    cpu_seconds: float
    mib: float


@click.command()
@click.option("--persons", "sizes", default="100000,1000000", show_default=True)
@click.option("--engine", "engines", multiple=True, default=("sqlite", "postgresql"))
@click.option("--queries", default=20_000, show_default=True)
@click.option("--seed", default=36, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Kept; a temporary one is not.")
@click.option("--url", help="URL of an empty PostgreSQL database to use.")
def main(
    sizes: str,
    engines: tuple[str, ...],
    queries: int,
    seed: int,
    folder: Path | None,
    url: str | None,
) -> None:
    """Measure every size on every engine."""
    console, figures, generated = Console(), [], {}
    with working(folder) as place:
        for rows in sorted(map(int, sizes.split(","))):
            file = place / f"persons-{rows}-{seed}.csv"
            generated[rows] = generate(file, rows, seed)
            for name in engines:
                with bench(name, place, url) as one:
                    figures.append(measured(one, file, rows, queries, seed))
                console.print(summary(figures[-1]))
    machine = machine_ms()
    scale = [extrapolated(name, [f for f in figures if f.engine == name]) for name in engines]
    report(console, figures, generated, scale)
    save(figures, generated, scale, machine)
    last(figures, engines[0])


@contextmanager
def working(folder: Path | None) -> Iterator[Path]:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    temporary = Path(tempfile.mkdtemp(prefix="registry-bench-"))
    yield temporary
    shutil.rmtree(temporary)


def generate(file: Path, rows: int, seed: int) -> float:
    """Write the file unless it is there; persons a minute of CPU, 0 when it was there."""
    if file.exists():
        return 0.0
    began = time.process_time()
    write_lines(file, persons(rows, seed, TODAY), lambda _: None)
    return rows / (time.process_time() - began) * 60


def measured(one: Bench, file: Path, rows: int, queries: int, seed: int) -> Figures:
    loaded = in_a_process(one, file)
    identities = list(islice(asked(file, rows, seed), queries))
    lookups, found = timed_lookups(one, identities)
    decisions, per_second = timed_decisions(one, identities)
    return Figures(
        engine=one.name,
        rows=rows,
        import_rows_per_s=rows / loaded.seconds,
        import_rows_per_cpu_s=rows / loaded.cpu_seconds,
        import_mib=loaded.mib,
        bytes_per_row=one.bytes_used() / rows,
        lookup_p50_ms=percentile(lookups, 50),
        lookup_p99_ms=percentile(lookups, 99),
        decision_p50_ms=percentile(decisions, 50),
        decision_p99_ms=percentile(decisions, 99),
        decisions_per_s=per_second,
        candidates_mean=found / len(lookups),
    )


def in_a_process(one: Bench, file: Path) -> Loaded:
    """Import in a new process, so that its memory is its own."""
    context = get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=load, args=(one, file, queue))
    process.start()
    loaded: Loaded = queue.get()
    process.join()
    return loaded


def load(one: Bench, file: Path, queue: "Queue[Loaded]") -> None:
    engine = one.open()
    began, began_cpu = time.monotonic(), time.process_time()
    importer = Importer(engine, Sealer(SECRET), time.time, lambda *_: None)
    importer.run(ImportOrder(file, file.with_suffix(".report.csv")))
    seconds, cpu = time.monotonic() - began, time.process_time() - began_cpu
    queue.put(Loaded(seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def timed_lookups(one: Bench, identities: list[PivotIdentity]) -> tuple[list[float], int]:
    """Milliseconds of each look-up, a connection taken for each as a login does; rows found."""
    engine, durations, found = one.open(), [], 0
    for number, identity in enumerate(identities):
        with reading(engine) as connection:
            began = time.perf_counter()
            records = candidates(connection, identity)
            lasted = (time.perf_counter() - began) * 1000
        if number >= WARM_UP * len(identities):
            durations.append(lasted)
            found += len(records)
    engine.dispose()
    return durations, found


def timed_decisions(one: Bench, identities: list[PivotIdentity]) -> tuple[list[float], float]:
    """Milliseconds of each whole decision, and how many one core makes in a second."""
    engine, durations = one.open(), []
    with reading(engine) as connection:
        began_cpu = time.perf_counter()
        for identity in identities:
            began = time.perf_counter()
            match(connection, identity, TODAY)
            durations.append((time.perf_counter() - began) * 1000)
        seconds = time.perf_counter() - began_cpu
    engine.dispose()
    return durations, len(identities) / seconds


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def summary(figures: Figures) -> str:
    return (
        f"{figures.engine} {figures.rows:,}: import {figures.import_rows_per_s:,.0f} rows/s, "
        f"look-up p99 {figures.lookup_p99_ms:.3f} ms, {figures.decisions_per_s:,.0f} decisions/s"
    )


def report(
    console: Console,
    figures: list[Figures],
    generated: dict[int, float],
    scale: list[Extrapolation],
) -> None:
    table = Table("engine", "rows", "import/s", "per CPU s", "MiB", "bytes/row", title="registry")
    for name in ("look-up p50", "p99", "decision p50", "p99", "decisions/s", "candidates"):
        table.add_column(name, justify="right")
    for one in figures:
        table.add_row(
            one.engine,
            f"{one.rows:,}",
            f"{one.import_rows_per_s:,.0f}",
            f"{one.import_rows_per_cpu_s:,.0f}",
            f"{one.import_mib:.0f}",
            f"{one.bytes_per_row:.0f}",
            f"{one.lookup_p50_ms:.3f}",
            f"{one.lookup_p99_ms:.3f}",
            f"{one.decision_p50_ms:.3f}",
            f"{one.decision_p99_ms:.3f}",
            f"{one.decisions_per_s:,.0f}",
            f"{one.candidates_mean:.1f}",
        )
    console.print(table)
    for rows, rate in generated.items():
        if rate:
            console.print(f"generated {rows:,} at {rate:,.0f} persons a minute of one core")
    for one in scale:
        p99 = "?" if one.lookup_p99_ms is None else f"{one.lookup_p99_ms:.2f} ms"
        console.print(
            f"{one.engine} at {one.rows:,}: look-up p99 {p99}, {one.gigabytes:.1f} GB, "
            f"import in {one.import_minutes:.0f} minutes"
        )


def save(
    figures: list[Figures],
    generated: dict[int, float],
    scale: list[Extrapolation],
    machine: float,
) -> None:
    RESULTS.mkdir(exist_ok=True)
    document = {
        "figures": [asdict(one) for one in figures],
        "generated_per_minute": {str(rows): rate for rows, rate in generated.items() if rate},
        "country": [asdict(one) for one in scale],
        "assumptions": ASSUMPTIONS,
        "machine_ms": machine,
        "python": sys.version.split()[0],
    }
    (RESULTS / "registry.json").write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    draw(figures, scale, RESULTS / "registry.png")


def last(figures: list[Figures], engine: str) -> None:
    one = max((f for f in figures if f.engine == engine), key=lambda figure: figure.rows)
    click.echo(
        f"rows={one.rows} lookup_p99_ms={one.lookup_p99_ms:.3f} "
        f"decisions_per_s={one.decisions_per_s:.0f} import_rows_per_s={one.import_rows_per_s:.0f}"
    )


if __name__ == "__main__":
    main()
