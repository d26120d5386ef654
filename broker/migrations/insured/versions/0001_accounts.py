"""Accounts, links, cases of the advisor desk, outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
STANDING = "status IN ('pending', 'active', 'locked', 'deactivated')"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("nir_sealed", sa.LargeBinary, nullable=False),
        sa.Column("nir_index", sa.Text, nullable=False),
        sa.Column("email_sealed", sa.LargeBinary),
        sa.Column("email_index", sa.Text),
        sa.Column("phone_sealed", sa.LargeBinary),
        sa.Column("phone_index", sa.Text),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("linked_at", sa.Double),
        sa.Column("ended_at", sa.Double),
        sa.CheckConstraint(
            "status IN ('pending', 'active', 'locked', 'deactivated', 'closed', 'replaced')",
            name="account_status",
        ),
        sa.CheckConstraint(
            "origin IN ('federation', 'classic', 'advisor')", name="account_origin"
        ),
    )
    for name, column in (
        ("account_one_per_person", "person_id"),
        ("account_one_per_nir", "nir_index"),
        ("account_one_per_email", "email_index"),
    ):
        op.create_index(
            name,
            "account",
            [column],
            unique=True,
            sqlite_where=sa.text(STANDING),
            postgresql_where=sa.text(STANDING),
        )
    op.create_table(
        "account_reference",
        sa.Column("reference", sa.Text, primary_key=True),
        sa.Column("account_id", SERIAL, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("sector", sa.Text, nullable=False),
        sa.UniqueConstraint("account_id", "sector", name="account_reference_once"),
    )
    op.create_table(
        "link",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("account_id", SERIAL, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("match", sa.Text, nullable=False),
        sa.Column("linked_at", sa.Double, nullable=False),
        sa.Column("used_at", sa.Double, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="link_once"),
    )
    op.create_index("link_account", "link", ["account_id"])
    op.create_index("link_person", "link", ["person"])
    op.create_table(
        "advisor_case",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary),
        sa.Column("opened_at", sa.Double, nullable=False),
        sa.Column("closed_at", sa.Double),
    )
    op.create_index(
        "advisor_case_open",
        "advisor_case",
        ["person", "outcome"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("advisor_case_age", "advisor_case", ["opened_at"])
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.CheckConstraint("channel IN ('mail', 'sms')", name="outbox_channel"),
    )
    op.create_index("outbox_due", "outbox", ["due_at"])
