"""Runs the migrations of the `insured` bind on the connection it is given."""

from alembic import context

import broker.insured.credentials.tables  # declares them on INSURED
import broker.insured.desk.tables  # declares them on INSURED
import broker.insured.space.tables  # declares them on INSURED
from broker.insured.schema import INSURED

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=INSURED,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
