"""A disk that fills up under a command: the registry serves on, and a sentence says what to do."""

import os
import resource
import signal
import sys

import pytest

from broker.insured.registry.command import registry_commands
from broker.insured.registry.desk import RegistryDesk
from broker.insured.registry.exporting import exported
from broker.insured.registry.numbering import nir_of
from broker.insured.registry.store import about

LINES = 4000


@pytest.fixture
def path(write, population):
    """Some persons more than fit on the disk."""
    return write(
        *(
            population.other(
                family_name="PETIT",
                nir=nir_of("F", "1985-03-27", f"{n % 94 + 1:02d}001", n // 94 + 1),
            )
            for n in range(LINES)
        )
    )


@pytest.fixture
def typed(sqlite_engine, sealer, clock, tmp_path):
    """
    Type a command in a process of its own, in which no file grows beyond `most` bytes; returns its
    status and what it said.
    """

    def one(*arguments, most=resource.RLIM_INFINITY):
        said = tmp_path / "said.txt"
        sqlite_engine.dispose()
        child = os.fork()
        if child == 0:
            # A write that does not fit fails, as on a full disk, in place of ending the process.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            output = said.open("w", encoding="utf-8")
            sys.stdout = sys.stderr = output
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
            group = registry_commands(lambda: RegistryDesk(sqlite_engine, sealer, clock))
            try:
                group([str(argument) for argument in arguments], standalone_mode=True)
            except SystemExit as end:
                output.flush()
                os._exit(int(end.code or 0))
            os._exit(99)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), said.read_text("utf-8")

    return one


def test_a_disk_that_fills_up_during_an_import_leaves_the_old_registry(
    sqlite_engine, population, claire, path, typed
):
    """Status 2, one sentence, no stack trace and no person; with room the same command succeeds."""
    population.register(sqlite_engine, claire)
    status, said = typed("import", path, most=200_000)

    assert status == 2
    assert "is its disk full? The registry is unchanged" in said
    assert "Traceback" not in said
    assert "PETIT" not in said
    assert [line.family_name for line in exported(sqlite_engine)] == ["DURAND"]

    assert typed("import", path)[0] == 0
    assert about(sqlite_engine)["persons"] == str(LINES)


@pytest.mark.parametrize("name", ["copy.csv", "copy.csv.gz"])
def test_a_disk_that_fills_up_during_an_export_leaves_no_half_file(
    population, claire, sqlite_engine, typed, tmp_path, name
):
    """What cannot be written whole never takes the name of a registry."""
    population.register(sqlite_engine, claire)
    file = tmp_path / name
    status, said = typed("generate", "--persons", 5000, file, most=50_000)

    assert status == 2
    assert "Traceback" not in said
    assert not file.exists()
    assert typed("export", file)[0] == 0
    assert file.exists()
    assert not tmp_path.joinpath(f"{name}.part").exists()
