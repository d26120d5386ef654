"""
How often the tests look for objects that only hold one another: seldom.

Each test makes whole applications, whose objects stand in circles. At the pace that Python chooses
for programs of another kind, a quarter of the time of the tests went into looking at all of them.
"""

import gc

_ALLOCATED, _YOUNG, _OLD = 10_000, 20, 20


def pytest_collection_finish() -> None:
    """What stands by now, modules and tests, stays to the end; the rest is looked at seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATED, _YOUNG, _OLD)
