"""Migrations (Alembic): bring a database to the schema of this code. A serving node needs none."""

import os

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from broker.database import MIGRATIONS, exclusive, head_of, require_head

_LOCK = 7_274_774  # any number, the same for every node


def migrate(engine: Engine, bind: str) -> None:
    """Bring the schema of `bind` to its head revision; one that is there or beyond stays."""
    with engine.begin() as connection:
        exclusive(connection, _LOCK)
        found = MigrationContext.configure(connection).get_current_revision()
        # Beyond: this node was started again in the middle of an upgrade, or after it.
        if (found or "") >= head_of(bind):
            return
        config = Config()
        config.set_main_option("script_location", os.fspath(MIGRATIONS / bind))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def migrate_new(engine: Engine, bind: str) -> None:
    """Make the schema of a database without tables; SchemaBehindError when it has an older one."""
    if inspect(engine).get_table_names():
        require_head(engine, bind)
    else:
        migrate(engine, bind)
