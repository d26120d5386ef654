"""Where the registry lies, and when it cannot be read."""

import subprocess
import sys

import pytest
from sqlalchemy import create_engine

from broker.insured.registry.building_sqlite import registry_path
from broker.insured.registry.store import (
    RegistryLayoutError,
    about,
    builder_of,
    open_registry,
    require_layout,
)


def test_a_new_database_has_an_empty_registry(engine):
    """The first login of a new broker finds nobody, and no error."""
    assert about(engine)["persons"] == "0"
    require_layout(engine)


def test_opening_again_keeps_the_registry(engine, population, claire):
    """Every start opens it."""
    population.register(engine, claire)
    open_registry(engine)

    assert about(engine)["persons"] == "1"


def test_a_registry_of_another_layout_is_refused_with_the_way_out(engine, population, claire):
    """A new version that reads other columns says what to do."""
    population.register(engine, claire)
    with builder_of(engine) as builder:
        builder.start()
        builder.finish({}, {"source": "", "built_at": "0"})
        builder.publish()
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE registry.about SET value = '0' WHERE name = 'layout'")
        connection.commit()

    with pytest.raises(RegistryLayoutError, match="passerelle registry import"):
        require_layout(engine)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_has_no_place_for_a_registry(url):
    """A registry is a file; said at once."""
    with pytest.raises(ValueError, match="file beside it"):
        registry_path(create_engine(url))


@pytest.mark.parametrize("module", ["sandbox.node", "sandbox.command"])
def test_a_node_serves_without_what_only_an_import_needs(module):
    """numpy takes twenty megabytes: neither a node nor the other commands load it."""
    told = f"import {module}, sys; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0


def test_a_demonstration_that_is_there_already_loads_nothing(tmp_path):
    """The second start of a demonstration is that of any node."""
    url = f"sqlite:///{tmp_path}/insured.sqlite"
    code = (
        "import sys\n"
        "from datetime import date\n"
        "from sqlalchemy import create_engine\n"
        "from broker.insured.registry.demonstration import Demonstration, build\n"
        "from broker.insured.registry.iban import IbanPrinter\n"
        "from broker.insured.registry.store import open_registry\n"
        f"engine = create_engine({url!r})\n"
        "open_registry(engine)\n"
        "built = build(engine, Demonstration(5, 36, date(2026, 3, 1)), IbanPrinter(bytes(32)))\n"
        "print(built, 'numpy' in sys.modules)\n"
    )

    def start():
        return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout

    assert (start(), start()) == (b"True True\n", b"False False\n")
