"""The figures of one size on one engine, and how they are printed."""

from dataclasses import dataclass

from registry_latency import Latency
from registry_load import Loaded
from registry_scale import Extrapolation
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figures:
    """
    What importing cost, the rows that the database alone stores in a CPU second, what a row weighs
    in bytes, what each question takes.
    """

    engine: str
    rows: int
    loaded: Loaded
    floor_rows_per_cpu_s: float
    bytes_per_row: float
    lookup: Latency
    decision: Latency
    desk: Latency
    candidates_mean: float

    @property
    def import_rows_per_s(self) -> float:
        """Rows for each second that passed."""
        return self.rows / self.loaded.seconds

    @property
    def import_rows_per_cpu_s(self) -> float:
        """Rows for each second of one core, that of the database server included."""
        return self.rows / (self.loaded.cpu_seconds + self.loaded.server_cpu_seconds)


def summary(figures: Figures) -> str:
    """One size in one line, as soon as it is known."""
    return (
        f"{figures.engine} {figures.rows:,}: import {figures.import_rows_per_cpu_s:,.0f} rows/s, "
        f"look-up p99 {figures.lookup.p99_ms:.3f} ms, "
        f"{figures.decision.per_second:,.0f} decisions/s"
    )


def report(
    console: Console,
    figures: list[Figures],
    rates: dict[int, float],
    scale: list[Extrapolation],
) -> None:
    """The table, the generator and the country."""
    console.print(_imports(figures))
    console.print(_latencies(figures))
    for rows, rate in rates.items():
        console.print(f"generated {rows:,} at {rate:,.0f} persons a minute of one core")
    for one in scale:
        p99 = "?" if one.lookup_p99_ms is None else f"{one.lookup_p99_ms:.2f} ms"
        console.print(
            f"{one.engine} at {one.rows:,}: look-up p99 {p99}, {one.gigabytes:.1f} GB, "
            f"import in {one.import_minutes:.0f} minutes of one core"
        )


def _imports(figures: list[Figures]) -> Table:
    table = Table("engine", "rows", title="import")
    for name in (
        "rows/s of one core",
        "database alone",
        "client alone",
        "by the clock",
        "MiB",
        "bytes/row",
    ):
        table.add_column(name, justify="right")
    for one in figures:
        table.add_row(
            one.engine,
            f"{one.rows:,}",
            f"{one.import_rows_per_cpu_s:,.0f}",
            f"{one.floor_rows_per_cpu_s:,.0f}",
            f"{one.rows / one.loaded.cpu_seconds:,.0f}",
            f"{one.import_rows_per_s:,.0f}",
            f"{one.loaded.mib:.0f}",
            f"{one.bytes_per_row:.0f}",
        )
    return table


def _latencies(figures: list[Figures]) -> Table:
    table = Table("engine", "rows", "question", title="milliseconds")
    for name in ("p50", "p99", "most", "p99 as it came", "a second", "candidates"):
        table.add_column(name, justify="right")
    for one in figures:
        for name, latency in (
            ("look-up", one.lookup),
            ("decision", one.decision),
            ("advisor", one.desk),
        ):
            table.add_row(
                one.engine,
                f"{one.rows:,}",
                name,
                f"{latency.p50_ms:.3f}",
                f"{latency.p99_ms:.3f}",
                f"{latency.most_ms:.3f}",
                f"{latency.as_it_came_p99_ms:.3f}",
                f"{latency.per_second:,.0f}",
                f"{one.candidates_mean:.2f}" if name == "look-up" else "",
            )
    return table
