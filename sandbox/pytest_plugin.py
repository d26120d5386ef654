"""
Fixtures for pytest: `world`, `browser`, and `make_world` for a world of one's own.

    # conftest.py
    pytest_plugins = ["sandbox.pytest_plugin"]

Named there, or with `-p sandbox.pytest_plugin`, never loaded by itself: other plugins have a
fixture called `browser` too. Worlds share nothing, so tests may run in parallel.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from sandbox.compiled import share_catalogues, share_routes
from sandbox.journeys import Visitor
from sandbox.world import World


def pytest_configure() -> None:
    """Tests make many applications with the same routes and the same sentences."""
    share_routes()
    share_catalogues()


@pytest.fixture
def make_world() -> Iterator[Callable[..., World]]:
    """`make_world(changes, databases, start)`: a world as `World.build` makes it, closed after."""
    with ExitStack() as open_worlds:
        yield lambda *given, **options: open_worlds.enter_context(World.build(*given, **options))


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """The whole demonstration in this process, new for this test."""
    return make_world()


@pytest.fixture
def browser(world: World) -> Visitor:
    """The browser of a person nobody in `world` has met."""
    return world.browser()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failure what the browsers did."""
    report = yield
    if report.when == "call" and report.failed:
        found: dict[str, Any] = getattr(item, "funcargs", {})
        for name, value in found.items():
            if isinstance(value, Visitor) and value.hops:
                report.sections.append((f"hops of {name}", told(value)))
    return report


def told(visitor: Visitor) -> str:
    """What a browser did, a line for each hop, parameters left out."""
    lines = []
    for hop in visitor.hops:
        where = f" -> {hop.location.partition('?')[0]}" if hop.location else ""
        lines.append(f"{hop.method} {hop.url.partition('?')[0]} {hop.status}{where}")
    return "\n".join(lines)
