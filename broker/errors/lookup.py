"""Finding an error by its number, for what travels as a number only."""

from functools import cache

from broker.errors.record import PasserelleError


def numbered(number: str) -> type[PasserelleError]:
    """The class that bears `number`; the root of the catalogue when there is none any more."""
    return _by_number().get(number, PasserelleError)


@cache
def _by_number() -> dict[str, type[PasserelleError]]:
    found: dict[str, type[PasserelleError]] = {}
    waiting = PasserelleError.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.number:
            found[kind.number] = kind
    return found
