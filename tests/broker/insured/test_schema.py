"""The migrations build the tables that the code declares, on both engines."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from broker.database import at_head
from broker.insured.schema import INSURED
from broker.migration import migrate


def test_the_migrations_lead_to_the_declared_schema(engine):
    """Nothing is missing, nothing is left over; the registry is not theirs."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_schemas": False, "compare_type": True}
        )
        assert compare_metadata(context, INSURED) == []
    assert at_head(engine, "insured")


def test_migrating_again_does_nothing(engine):
    """Every start runs the migrations."""
    before = sorted(inspect(engine).get_table_names())
    migrate(engine, "insured")

    assert sorted(inspect(engine).get_table_names()) == before


@pytest.mark.parametrize(
    "index", ["account_one_per_person", "account_one_per_nir", "account_one_per_email"]
)
def test_the_uniqueness_of_standing_accounts_was_really_created(engine, index):
    """A migration that forgets the condition, or the uniqueness, would let two accounts stand."""
    found = {one["name"]: one for one in inspect(engine).get_indexes("account")}[index]

    assert found["unique"]
    assert "status" in str(found["dialect_options"][f"{engine.dialect.name}_where"])
