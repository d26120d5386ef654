"""The broker's own database on each engine."""

import pytest
from sqlalchemy import create_engine

from broker.database import bind_options, prepare_engine
from broker.migration import migrate
from tests.conftest import Databases


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request, tmp_path):
    """An engine of the `broker` bind, migrated and empty."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/broker.sqlite"
    else:
        databases: Databases = request.getfixturevalue("postgres")
        url = databases.fresh()
    options = bind_options(url)
    made = create_engine(options.pop("url"), **options)
    prepare_engine(made)
    migrate(made, "broker")
    yield made
    made.dispose()
    if request.param == "postgresql":
        databases.drop(url)
