"""Migrations (Alembic): bring a database to the schema of this code. A serving node needs none."""

import os

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from broker.database import MIGRATIONS, exclusive, head_of

_LOCK = 7_274_774  # any number, the same for every node


def migrate(engine: Engine, bind: str) -> None:
    """Bring the schema of `bind` to its head revision; does nothing when it is there."""
    with engine.begin() as connection:
        exclusive(connection, _LOCK)
        if MigrationContext.configure(connection).get_current_revision() == head_of(bind):
            return
        config = Config()
        config.set_main_option("script_location", os.fspath(MIGRATIONS / bind))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
