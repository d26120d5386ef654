"""The broker's own database on each engine."""

import shutil

import pytest
from sqlalchemy import Engine, create_engine

from broker.database import bind_options, close_database, prepare_engine
from broker.migration import migrate
from tests.conftest import Databases


def _opened(url: str) -> Engine:
    options = bind_options(url)
    made = create_engine(options.pop("url"), **options)
    prepare_engine(made)
    return made


def _prepare(url: str) -> None:
    made = _opened(url)
    migrate(made, "broker")
    close_database(made)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """The file of a migrated, empty SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "broker.sqlite"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request, tmp_path):
    """An engine of the `broker` bind, migrated and empty."""
    if request.param == "sqlite":
        path = shutil.copyfile(request.getfixturevalue("migrated_file"), tmp_path / "broker.sqlite")
        url = f"sqlite:///{path}"
    else:
        databases: Databases = request.getfixturevalue("postgres")
        url = databases.prepared("broker", _prepare)
    made = _opened(url)
    yield made
    close_database(made)
    if request.param == "postgresql":
        databases.drop(url)
