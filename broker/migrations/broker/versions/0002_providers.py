"""What operators decided about providers, and what their secrets were agreed for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_state",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.Float(), nullable=True),
        sa.Column("addresses", sa.Text(), nullable=True),
        sa.Column("secrets", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("provider"),
    )
    op.add_column("browser_session", sa.Column("account", sa.Text(), nullable=True))
