"""
Names of fictional persons: the commonest French ones, and a model of syllables for the others.

French surnames follow a law fitted to published figures: the first covers 0.22 % of births
(178,000 in 109 years), the thousand first about a quarter, the rest is a long tail of 650,000
names. Those of other countries are a list of the commonest and, for the rest, formed of two parts.
"""

import tomllib
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

_DATA = tomllib.loads((Path(__file__).parent / "data" / "names.toml").read_text("utf-8"))

_COMMON = _DATA["surnames"]["common"].split()
_STARTS, _MIDDLES, _ENDS = (
    _DATA["surnames"][part].split() for part in ("starts", "middles", "ends")
)
_FIRST = 0.0022
_HEAD, _HEAD_SHARE, _HEAD_SLOPE, _HEAD_SHIFT = 1000, 0.25, 0.75, 25
_TAIL_SLOPE = 0.05
_AT_HEAD_END = 9.8e-5
_TAIL_NAMES = 650_000
_SLOPE_ABROAD = 1.5

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    era: tuple(names.split())
    for era, names in _DATA["first_names"].items()
    if isinstance(names, str)
}
"""F0, M0, F1... (sex and era) -> first names, the commonest first."""

NAME_SLOPES: tuple[float, ...] = tuple(_DATA["first_names"]["slopes"])
"""By era, the exponent that draws the commonest far more often: ever less so."""

HOSPITALS: tuple[str, ...] = tuple(_DATA["births"]["hospitals"].split())
"""Communes where most births have been registered since 1970, the largest hospitals first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Countries (COG codes) whose names are alike. Shares: of them among births abroad, of dates whose
    day, or day and month, is presumed, of surnames formed of a start and an end, of persons with a
    second first name.
    """

    share: float
    presumed: float
    formed: float
    second: float
    countries: tuple[str, ...]
    surnames: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]

    def surname(self, chance: Callable[[], float]) -> str:
        """One of the commonest, or one of the many."""
        if chance() < self.formed:
            start = self.starts[int(chance() * len(self.starts))]
            return start + self.ends[int(chance() * len(self.ends))]
        return common(self.surnames, chance)

    def given_names(self, sex: str, chance: Callable[[], float]) -> tuple[str, ...]:
        """One or two first names."""
        names = self.women if sex == "F" else self.men
        first = common(names, chance)
        second = common(names, chance) if chance() < self.second else first
        return (first,) if first == second else (first, second)


def common(choices: Sequence[str], chance: Callable[[], float]) -> str:
    """One of these, the first ones more often."""
    return choices[int(chance() ** _SLOPE_ABROAD * len(choices))]


def _origin(table: dict[str, Any]) -> Origin:
    # A blank inside a name is written _, for blanks stand between the names.
    lists = {
        key: tuple(name.replace("_", " ") for name in value.split())
        for key, value in table.items()
        if isinstance(value, str)
    }
    return Origin(**{**table, **lists})


ORIGINS: tuple[Origin, ...] = tuple(map(_origin, _DATA["origins"]))
"""All births abroad."""


def _head_weights() -> list[float]:
    slopes = [(rank + _HEAD_SHIFT) ** -_HEAD_SLOPE for rank in range(2, _HEAD + 1)]
    scale = (_HEAD_SHARE - _FIRST) / sum(slopes)
    return [_FIRST, *(scale * slope for slope in slopes)]


_CUMULATED = list(accumulate(_head_weights()))


def surname(chance: float) -> str:
    """The surname at this point, 0 to 1, of the distribution of births."""
    if chance < _CUMULATED[-1]:
        return surname_of_rank(bisect(_CUMULATED, chance))
    # The tail in closed form: the density falls as rank ** -0.95.
    share = (chance - _HEAD_SHARE) / (_AT_HEAD_END * _HEAD)
    rank = int(_HEAD * (1 + share * _TAIL_SLOPE) ** (1 / _TAIL_SLOPE))
    return surname_of_rank(min(rank, _TAIL_NAMES))


@lru_cache(maxsize=1 << 16)
def surname_of_rank(rank: int) -> str:
    """The surname of this rank, 0 the commonest."""
    if rank < len(_COMMON):
        return str(_COMMON[rank].replace("_", " "))
    rest, end = divmod(rank - len(_COMMON), len(_ENDS))
    rest, start = divmod(rest, len(_STARTS))
    parts = [_STARTS[start]]
    while rest:
        rest, middle = divmod(rest - 1, len(_MIDDLES))
        parts.append(_MIDDLES[middle])
    return "".join(parts) + str(_ENDS[end])
