"""Draws latency against rows, with the country at the end of the dotted line."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from registry_scale import Extrapolation, Measured

mpl.use("Agg")
_COLOURS = {"sqlite": "#0b5563", "postgresql": "#b3541e"}


def draw(figures: Sequence[Measured], scale: Sequence[Extrapolation], path: Path) -> None:
    """Two panels: one look-up, one whole decision; the median full, the 99th percentile dashed."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained", sharex=True)
    for axes, name, title in ((left, "lookup", "look-up"), (right, "decision", "whole decision")):
        for country in scale:
            own = sorted((f for f in figures if f.engine == country.engine), key=lambda f: f.rows)
            rows, colour = [f.rows for f in own], _COLOURS[country.engine]
            axes.plot(
                rows,
                [getattr(f, name).p50_ms for f in own],
                "o-",
                color=colour,
                label=f"{country.engine}, median",
            )
            p99 = [getattr(f, name).p99_ms for f in own]
            axes.plot(rows, p99, "s--", color=colour, label=f"{country.engine}, p99")
            end = getattr(country, f"{name}_p99_ms")
            if end is not None:
                axes.plot([rows[-1], country.rows], [p99[-1], end], ":", color=colour)
                axes.plot([country.rows], [end], "x", color=colour)
        axes.set_title(f"{title}, milliseconds")
        axes.set_xscale("log")
        axes.set_xlabel("insured persons (x: 68 million, extrapolated)")
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
    left.legend(fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    plt.close(figure)
