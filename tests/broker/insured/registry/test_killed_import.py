"""An import killed at any moment leaves a whole registry serving, and can be started again."""

import os
import random
import signal
import time

import pytest

from broker.database import reading
from broker.insured.registry.exporting import exported
from broker.insured.registry.importing import Importer, ImportOrder
from broker.insured.registry.lookup import by_id
from broker.insured.registry.numbering import nir_of
from broker.insured.registry.store import about

MOMENTS = 20
LINES = 8000


@pytest.fixture
def path(write, population):
    """Eight thousand persons in several blocks, every hundredth line wrong, a number doubled."""
    lines = [
        population.other(
            family_name="" if n % 100 == 0 else "PETIT",
            nir=nir_of("F", "1985-03-27", f"{n % 94 + 1:02d}001", n // 94 + 1),
            email=f"person.{n}@exemple.fr",
            former_names="ROUX" if n % 50 == 1 else "",
        )
        for n in range(LINES)
    ]
    return write(*lines, lines[1]._replace(nir=population.other().nir))


@pytest.fixture
def run(database, opened, sealer, path, tmp_path):
    """Import in a process of its own, killed after so many seconds; whether it survived."""

    def one(seconds=None):
        child = os.fork()
        if child == 0:
            if seconds is not None:
                # Nobody handles this signal, so it ends the process at once, wherever it is.
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, seconds)
            importer = Importer(opened(database), sealer, time.time, lambda *_: None)
            importer.run(ImportOrder(path, tmp_path / "report.csv", checkpoint_lines=1))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) == 0

    return one


def test_an_import_killed_at_random_moments_never_leaves_half_a_registry(
    engine, population, claire, path, run, load
):
    """Twenty kills: each time the old registry serves whole, and the last import is complete."""
    population.register(engine, claire)
    engine.dispose()
    began = time.monotonic()
    assert run()
    whole = time.monotonic() - began
    expected = list(exported(engine))
    dice = random.Random(20260301)
    for _ in range(MOMENTS):
        population.register(engine, claire)
        engine.dispose()
        survived = run(max(0.001, dice.uniform(0, whole)))
        persons = about(engine)["persons"]
        assert persons == str(len(expected)) if survived else persons in {"1", str(len(expected))}
        with reading(engine) as connection:
            assert (by_id(connection, 11) is not None) == (persons == "1")
    assert run()

    assert list(exported(engine)) == expected
    assert len(expected) == LINES - LINES // 100


def test_an_import_killed_again_and_again_ends_as_if_never_killed(
    engine, path, run, load, tmp_path
):
    """Taken up from checkpoint to checkpoint: the same registry and the same report."""
    engine.dispose()
    began = time.monotonic()
    run()
    whole = time.monotonic() - began
    expected = list(exported(engine)), (tmp_path / "report.csv").read_text("utf-8")
    os.utime(path)  # another file, as far as a dead build can tell
    patience = whole / 3
    while not run(patience):
        patience *= 1.2

    assert list(exported(engine)) == expected[0]
    assert (tmp_path / "report.csv").read_text("utf-8") == expected[1]
