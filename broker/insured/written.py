"""Given names as people write them: registries hold some in capitals alone."""

from collections.abc import Iterable


def as_written(name: str) -> str:
    """`MARIE-CHRISTINE` -> `Marie-Christine`; a name that has small letters stays as it is."""
    return name.title() if name.isupper() else name


def all_written(names: Iterable[str]) -> list[str]:
    """The same for each of them, in their order."""
    return [as_written(name) for name in names]
