"""Passwords, activation links, codes, attempts that count."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "credential",
        sa.Column(
            "account_id",
            SERIAL,
            sa.ForeignKey("account.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("set_at", sa.Double, nullable=False),
        sa.Column("signed_in_at", sa.Double),
    )
    op.create_table(
        "proof",
        sa.Column("handle", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account_id", SERIAL, sa.ForeignKey("account.id")),
        sa.Column("code", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("asked_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.CheckConstraint("kind IN ('activation', 'sign_in', 'recovery')", name="proof_kind"),
        sa.UniqueConstraint("account_id", "kind", name="proof_newest_only"),
    )
    op.create_index("proof_expiry", "proof", ["expires_at"])
    op.create_table(
        "lockout",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.Column("tried_at", sa.Double, nullable=False),
    )
    op.create_index("lockout_age", "lockout", ["tried_at"])
    op.create_table(
        "use_limit",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("times", sa.Text, nullable=False),
        sa.Column("ends_at", sa.Double, nullable=False),
    )
    op.create_index("use_limit_end", "use_limit", ["ends_at"])
    op.create_table(
        "answered",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("claimed_until", sa.Double, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    op.create_index("answered_end", "answered", ["expires_at"])
    pending = sa.text("status = 'pending'")
    op.create_index(
        "account_pending", "account", ["id"], sqlite_where=pending, postgresql_where=pending
    )
