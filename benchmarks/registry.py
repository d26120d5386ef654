"""
How fast the registry is, and what it weighs: generate, import, look up, decide, search.

    python benchmarks/registry.py [--persons 100000,1000000] [--engine sqlite] [--engine postgresql]
                                  [--queries 20000] [--seed 36] [--folder DIR]

For each size a file is generated, imported on each engine by a process of its own, and asked for
warm look-ups through the broker's own function: two of three of persons who are there, half of
these written otherwise, and strangers. PostgreSQL is a server of its own, started here. With
`--folder` files and databases are kept, and what is already there is not made again.

A table is printed, JSON and a plot of latency against rows go to `benchmarks/results/`. The last
line is for machines and tells the largest size on the first engine.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import click
from accounting import machine_ms
from registry_engines import Bench, bench
from registry_figures import Figures, report, summary
from registry_latency import decisions, desk_searches, look_ups
from registry_load import floor, generated, loaded
from registry_people import asked
from registry_plot import draw
from registry_scale import ASSUMPTIONS, Extrapolation, extrapolated
from rich.console import Console

RESULTS = Path(__file__).parent / "results"


@click.command()
@click.option("--persons", "sizes", default="100000,1000000", show_default=True)
@click.option("--engine", "engines", multiple=True, default=("sqlite", "postgresql"))
@click.option("--queries", default=20_000, show_default=True)
@click.option("--seed", default=36, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Kept; a temporary one is not.")
def main(
    sizes: str, engines: tuple[str, ...], queries: int, seed: int, folder: Path | None
) -> None:
    """Measure every size on every engine."""
    console, figures, rates = Console(width=170), [], {}
    with working(folder) as place:
        for rows in sorted(map(int, sizes.split(","))):
            file, rates[rows] = generated(place, rows, seed)
            for name in engines:
                with bench(name, place, rows, keep=bool(folder)) as one:
                    figures.append(measured(one, file, (rows, queries, seed)))
                console.print(summary(figures[-1]))
    scale = [extrapolated(name, [f for f in figures if f.engine == name]) for name in engines]
    report(console, figures, rates, scale)
    save(figures, rates, scale)
    click.echo(_last_line(figures, engines[0]))


@contextmanager
def working(folder: Path | None) -> Iterator[Path]:
    """Where files and databases lie."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    temporary = Path(tempfile.mkdtemp(prefix="registry-bench-"))
    yield temporary
    shutil.rmtree(temporary)


def measured(one: Bench, file: Path, asking: tuple[int, int, int]) -> Figures:
    """Everything about one size on one engine; `asking` is (rows, queries, seed)."""
    rows, queries, seed = asking
    cost = loaded(one, file)
    identities = list(islice(asked(file, rows, seed), queries))
    look_up, found = look_ups(one, identities)
    return Figures(
        engine=one.name,
        rows=rows,
        loaded=cost,
        floor_rows_per_cpu_s=floor(one, file),
        bytes_per_row=one.bytes_used() / rows,
        lookup=look_up,
        decision=decisions(one, identities),
        desk=desk_searches(one, identities),
        candidates_mean=found,
    )


def save(figures: list[Figures], rates: dict[int, float], scale: list[Extrapolation]) -> None:
    """The JSON and the plot."""
    RESULTS.mkdir(exist_ok=True)
    document = {
        "figures": [
            {**asdict(one), "import_rows_per_cpu_s": one.import_rows_per_cpu_s} for one in figures
        ],
        "generated_per_minute": {str(rows): round(rate) for rows, rate in rates.items()},
        "country": [asdict(one) for one in scale],
        "assumptions": ASSUMPTIONS,
        "machine_ms": machine_ms(),
        "python": sys.version.split()[0],
    }
    text = json.dumps(json.loads(json.dumps(document), parse_float=_rounded), indent=2)
    (RESULTS / "registry.json").write_text(text + "\n", "utf-8")
    draw(figures, scale, RESULTS / "registry.png")


def _rounded(number: str) -> float:
    return round(float(number), 4)


def _last_line(figures: list[Figures], engine: str) -> str:
    one = max((f for f in figures if f.engine == engine), key=lambda figure: figure.rows)
    return (
        f"rows={one.rows} lookup_p99_ms={one.lookup.p99_ms:.3f} "
        f"decisions_per_s={one.decision.per_second:.0f} "
        f"import_rows_per_s={one.import_rows_per_cpu_s:.0f}"
    )


if __name__ == "__main__":
    main()
