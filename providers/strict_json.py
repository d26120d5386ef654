"""JSON from a stranger: one object, or a ValueError and nothing else."""

import json
from typing import Any, NoReturn


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON (RFC 8259 §6)")


def _one_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is there twice")
    return found


_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_one_of_each)


def json_object(text: bytes | str) -> dict[str, Any]:
    """
    The object that `text` spells, in UTF-8; ValueError for anything else.

    A member given twice is refused: two readers could each see another value (RFC 8725 §2.4).
    NaN and Infinity are refused, for they compare false with every limit.
    """
    try:
        found = _DECODER.decode(text if isinstance(text, str) else text.decode("utf-8"))
    except RecursionError as deep:
        raise ValueError("is nested too deep") from deep
    if not isinstance(found, dict):
        raise ValueError("is not an object")  # noqa: TRY004 - callers know one refusal
    return found
