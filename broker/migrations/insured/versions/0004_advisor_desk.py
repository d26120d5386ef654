"""Staff, their second factor, consultations, codes sent by post."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary, nullable=False),
        sa.Column("totp_step", sa.BigInteger, nullable=False),
        sa.Column("on_call", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.Double),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("disabled_at", sa.Double),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("staff_id", SERIAL, sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("opened_at", sa.Double, nullable=False),
        sa.Column("seen_at", sa.Double, nullable=False),
    )
    op.create_index("staff_session_staff", "staff_session", ["staff_id"])
    op.create_index("staff_session_seen", "staff_session", ["seen_at"])
    op.create_table(
        "consultation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("staff_id", SERIAL, sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note_sealed", sa.LargeBinary),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("case_number", sa.Text),
        sa.Column("asked_sealed", sa.LargeBinary),
        sa.Column("shown", sa.Text),
        sa.Column("opened_at", sa.Double, nullable=False),
        sa.CheckConstraint("kind IN ('search', 'case', 'file')", name="consultation_kind"),
        sa.CheckConstraint(
            "(kind = 'file') = (person_id IS NOT NULL)", name="consultation_person"
        ),
    )
    op.create_index("consultation_staff", "consultation", ["staff_id", "opened_at"])
    op.create_index("consultation_history", "consultation", ["person_id", "opened_at"])
    op.create_index("consultation_age", "consultation", ["opened_at"])
    op.create_table(
        "desk_act",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column(
            "consultation_id", sa.Text, sa.ForeignKey("consultation.id"), nullable=False
        ),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("request_key", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.UniqueConstraint("consultation_id", "request_key", name="desk_act_once"),
    )
    op.create_table(
        "post_code",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("account_id", SERIAL, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("posted_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.CheckConstraint(
            "status IN ('posted', 'used', 'dead', 'replaced')", name="post_code_status"
        ),
    )
    op.create_index(
        "post_code_newest",
        "post_code",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("status = 'posted'"),
        postgresql_where=sa.text("status = 'posted'"),
    )
    op.create_index("post_code_by_account", "post_code", ["account_id"])
    op.create_index("post_code_age", "post_code", ["posted_at"])
    ended = "status IN ('closed', 'replaced')"
    op.create_index(
        "account_ended_by_person",
        "account",
        ["person_id"],
        sqlite_where=sa.text(ended),
        postgresql_where=sa.text(ended),
    )
