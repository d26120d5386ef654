"""Finding errors: all of them, or one by its number for what travels as a number only."""

from collections.abc import Iterator
from functools import cache

from broker.errors.record import PasserelleError


def declared() -> Iterator[type[PasserelleError]]:
    """Every class with a number of its own, in no order."""
    waiting = PasserelleError.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if "number" in vars(kind):
            yield kind


def numbered(number: str) -> type[PasserelleError]:
    """The class that bears `number`; the root of the catalogue when there is none any more."""
    return _by_number().get(number, PasserelleError)


@cache
def _by_number() -> dict[str, type[PasserelleError]]:
    return {kind.number: kind for kind in declared()}
