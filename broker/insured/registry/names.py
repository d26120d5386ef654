"""
Names of fictional persons: the commonest French ones, and a model of syllables for the others.

Surnames follow a law fitted to published figures: the first covers 0.22 % of births (178,000 in
109 years), the thousand first about a quarter, the rest is a long tail of 650,000 names.
"""

import tomllib
from bisect import bisect
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

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

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    era: tuple(names.split()) for era, names in _DATA["first_names"].items()
}
"""F0, M0, F1... (sex and era) -> first names, the commonest first."""

HOSPITALS: tuple[str, ...] = tuple(_DATA["births"]["hospitals"].split())
"""Communes where most births have been registered since 1970, the largest hospitals first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Countries (COG codes) whose names are alike: their share among births abroad, and the share of
    dates whose day, or day and month, is presumed.
    """

    share: float
    presumed: float
    countries: tuple[str, ...]
    surnames: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]


def _origin(table: dict[str, str]) -> Origin:
    lists = {name: tuple(value.split()) for name, value in table.items() if isinstance(value, str)}
    return Origin(float(table["share"]), float(table["presumed"]), **lists)


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
