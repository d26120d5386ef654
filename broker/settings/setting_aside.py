"""
A wrong document, judged to its end: each fault is told and set aside, so that the next one shows.

What has no default gets a stand-in meanwhile; a table that lacks a key is set aside whole.
"""

import re
from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from broker.settings.clients import MIN_SECRET

T = TypeVar("T")
Document = dict[Hashable, Any]

_ROUNDS = 20
_DATABASE = "sqlite:///var/stand-in.sqlite"
_STAND_INS: dict[str, Any] = {
    "mode": "demonstration",
    "broker": {},
    "broker.public_url": "http://localhost:8000",
    "broker.database": _DATABASE,
    "broker.secret": "-" * MIN_SECRET,
    "insured.database": _DATABASE,
}
_SAID = {
    "missing": "is missing",
    "extra_forbidden": "is no key that is known here",
    "dict_type": "must be a table",
    "model_type": "must be a table",
}


@dataclass(frozen=True, slots=True)
class Judged(Generic[T]):
    """
    `value` is what was understood, `problems` a sentence for each fault, `aside` their keys.

    `value` is None when a fault could not be set aside.
    """

    value: T | None
    problems: list[str]
    aside: frozenset[str]

    def blames(self, problem: str) -> bool:
        """Whether this later problem may only come from what was set aside."""
        key, _, rest = problem.partition(": ")
        return any(
            f"{key}.".startswith(f"{one}.") or re.search(rf"\b{re.escape(_last(one))}\b", rest)
            for one in self.aside
        )


def to_the_end(given: Document, judge: Callable[[Document], T]) -> Judged[T]:
    """What `judge`, which raises ValidationError, has to say of `given`, which stays as it is."""
    left = deepcopy(given)
    problems: list[str] = []
    aside: set[str] = set()
    for number in range(_ROUNDS):
        try:
            return Judged(judge(left), problems, frozenset(aside))
        except ValidationError as fault:
            for error in fault.errors():
                # Whatever is missing in a later round was set aside in an earlier one.
                if number == 0 or error["type"] != "missing":
                    problems.append(_sentence(error))
                aside |= _set_aside(left, error["loc"])
    return Judged(None, problems, frozenset(aside))


def _sentence(error: Any) -> str:
    fault = error["msg"].removeprefix("Value error, ")
    said = _SAID.get(error["type"]) or f"{fault[:1].lower()}{fault[1:]}"
    return f"{_key(error['loc'])}: {said}"


def _set_aside(document: Document, loc: tuple[Hashable, ...]) -> set[str]:
    """Take out the faulty value, or the table that lacks one; its key, if it was still there."""
    holders = [document]
    for name in loc[:-1]:
        inner = holders[-1].get(name, {})
        if not isinstance(inner, dict):
            break
        if name not in holders[-1]:
            return set()
        holders.append(inner)
    depth = len(holders)
    holder, name, key = holders[-1], loc[depth - 1], _key(loc[:depth])
    if key in _STAND_INS:
        holder[name] = deepcopy(_STAND_INS[key])
    elif name in holder:
        del holder[name]
    elif depth > 1:
        key = _key(loc[: depth - 1])
        del holders[-2][loc[depth - 2]]
    return {key}


def _key(loc: tuple[Hashable, ...]) -> str:
    return ".".join(map(str, loc))


def _last(key: str) -> str:
    return key.rpartition(".")[2]
