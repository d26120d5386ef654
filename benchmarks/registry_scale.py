"""What the figures would be at the size of the country, and on which assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import Protocol

COUNTRY = 68_000_000
ASSUMPTIONS = (
    (
        "latency grows with the logarithm of the rows (a B-tree grows by levels), fitted by least "
        "squares over the sizes measured"
    ),
    "the inner pages of the indexes fit in memory; leaves come from memory or a fast disk",
    (
        "bytes per row and rows per second stay those of the largest size; an index of 68 million "
        "sorts in more passes, so the import may take a fifth longer"
    ),
    (
        "candidates grow with the rows for the commonest names only: look-ups by surname and date "
        "meet 6 namesakes in place of 1"
    ),
)


class Timed(Protocol):
    """One question, in milliseconds."""

    p50_ms: float
    p99_ms: float


class Measured(Protocol):
    """One size."""

    engine: str
    rows: int
    lookup: Timed
    decision: Timed
    desk: Timed
    bytes_per_row: float

    @property
    def import_rows_per_cpu_s(self) -> float:
        """Rows for each second of one core."""


@dataclass(frozen=True)
class Extrapolation:
    """The country on one engine; nothing where a single size was measured."""

    engine: str
    rows: int
    lookup_p50_ms: float | None
    lookup_p99_ms: float | None
    decision_p99_ms: float | None
    gigabytes: float
    import_minutes: float


def extrapolated(engine: str, figures: Sequence[Measured]) -> Extrapolation:
    """Fit the sizes measured on this engine and go on to 68 million."""
    largest = max(figures, key=lambda figure: figure.rows)
    return Extrapolation(
        engine=engine,
        rows=COUNTRY,
        lookup_p50_ms=_fitted([(f.rows, f.lookup.p50_ms) for f in figures]),
        lookup_p99_ms=_fitted([(f.rows, f.lookup.p99_ms) for f in figures]),
        decision_p99_ms=_fitted([(f.rows, f.decision.p99_ms) for f in figures]),
        gigabytes=largest.bytes_per_row * COUNTRY / 1e9,
        import_minutes=COUNTRY / largest.import_rows_per_cpu_s / 60,
    )


def _fitted(points: list[tuple[int, float]]) -> float | None:
    if len({rows for rows, _ in points}) == 1:
        return None
    xs, ys = [log2(rows) for rows, _ in points], [value for _, value in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    slope /= sum((x - mean_x) ** 2 for x in xs)
    return max(mean_y + slope * (log2(COUNTRY) - mean_x), *ys)
