"""
The contract of a build: a registry made beside the one in service, which then takes its place.

Until `publish` nothing of the registry in service is touched. A build is committed now and then
with a note of how far it came, so that one that died can be taken up again; one that is not taken
up is thrown away by the next.
"""

from collections.abc import Mapping
from typing import Any, Protocol, Self

from broker.insured.registry.rows import FormName, Refusal, Rows


class AlreadyBuildingError(RuntimeError):
    """Another import is building a registry for the same database."""


class Builder(Protocol):
    """One registry in the making; a context that keeps others from making one too."""

    @property
    def form(self) -> FormName:
        """How it takes rows."""

    def __enter__(self) -> Self:
        """AlreadyBuildingError when another one holds the place."""

    def __exit__(self, *_: object) -> None:
        """Let go; what was committed stays for whoever takes it up."""

    def resume(self) -> dict[str, Any] | None:
        """Take up a build that died: its last checkpoint, or None when there is nothing to keep."""

    def start(self) -> None:
        """Throw away what is there and begin with empty tables."""

    def add(self, rows: Rows) -> list[Refusal]:
        """Store rows of this form; returns the lines refused as their number is already taken."""

    def checkpoint(self, state: Mapping[str, Any]) -> None:
        """Commit, with a note of how far the build came."""

    def finish(self, labels: Mapping[str, int], facts: Mapping[str, str]) -> list[Refusal]:
        """Create the indexes; returns the lines refused because their number or NIR is taken."""

    def missing(self, numbers: Mapping[int, str]) -> set[int]:
        """Of these persons (number -> NIR), who is not in the new registry under this NIR."""

    def discard(self) -> None:
        """Throw away what was built."""

    def publish(self) -> None:
        """Put this registry in service, in one step."""
