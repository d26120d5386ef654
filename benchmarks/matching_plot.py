"""Draws what the table says: links and refusals by class, beside the two other matchers."""

from pathlib import Path

import matplotlib as mpl
from matching_queries import ABSENT, LINK_FLOORS
from matching_score import Tally
from matplotlib import pyplot as plt

mpl.use("Agg")
_SERIES = {"equality": "#999999", "fuzzy 0.90": "#d08a3c"}
_OURS = "#0b5563"


def draw(tallies: dict[str, Tally], path: Path, title: str) -> None:
    """Two panels: the share rightly linked (higher is better), wrong links (none is right)."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    figure.suptitle(title)
    _bars(left, tallies, [k for k in LINK_FLOORS if k in tallies], wrong=False)
    left.set_title("rightly linked, share of queries")
    _bars(right, tallies, [k for k in ABSENT if k in tallies], wrong=True)
    right.set_title("linked to a stranger, share of queries")
    right.set_yscale("symlog", linthresh=1e-5)
    handles, names = left.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _bars(axes: plt.Axes, tallies: dict[str, Tally], kinds: list[str], *, wrong: bool) -> None:
    series = {"Passerelle": [_ours(tallies[kind], wrong=wrong) for kind in kinds]}
    for name in _SERIES:
        counts = [
            (tallies[k].rival_wrong if wrong else tallies[k].rival_right).get(name, 0)
            for k in kinds
        ]
        series[name] = [
            tallies[kind].rival_rate(count) for kind, count in zip(kinds, counts, strict=True)
        ]
    for place, (name, values) in enumerate(series.items()):
        spots = [spot + (place - 1) * 0.27 for spot in range(len(kinds))]
        axes.bar(spots, values, width=0.26, label=name, color=_SERIES.get(name, _OURS))
    axes.set_xticks(range(len(kinds)), kinds)
    axes.set_ylim(bottom=0)


def _ours(tally: Tally, *, wrong: bool) -> float:
    return tally.rate(tally.wrong_links if wrong else tally.right_links)
