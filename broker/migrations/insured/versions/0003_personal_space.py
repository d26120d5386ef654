"""Reimbursements, leaves, orders, messages, alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = "closed_at IS NULL"


def key():
    return sa.Column("id", SERIAL, primary_key=True, autoincrement=True)


def person():
    return sa.Column("person_id", sa.BigInteger, nullable=False)


def account(**options):
    return sa.Column("account_id", SERIAL, sa.ForeignKey("account.id"), nullable=False, **options)


def partial(name, table, column, condition, unique):
    op.create_index(
        name,
        table,
        [column],
        unique=unique,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def upgrade() -> None:
    of_persons()
    requests_of_accounts()
    accounts()


def of_persons() -> None:
    op.create_table(
        "space_payment",
        key(),
        person(),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("care_on", sa.Date, nullable=False),
        sa.Column("paid_on", sa.Date, nullable=False),
        sa.Column("spent", sa.Integer, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("rate", sa.Integer, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False),
        sa.Column("insurer", sa.Text),
        sa.Column("sent_on", sa.Date),
        sa.UniqueConstraint("reference", name="space_payment_once"),
        sa.CheckConstraint("paid >= 0 AND spent >= 0", name="space_payment_amounts"),
    )
    op.create_index("space_payment_by_person", "space_payment", ["person_id", "paid_on"])
    op.create_table(
        "space_leave",
        key(),
        person(),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("wages", sa.Integer, nullable=False),
        sa.UniqueConstraint("reference", name="space_leave_once"),
        sa.CheckConstraint("until_on >= from_on", name="space_leave_days"),
    )
    op.create_index("space_leave_by_person", "space_leave", ["person_id", "from_on"])
    op.create_table(
        "space_cover",
        sa.Column("person_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("insurer", sa.Text),
        sa.Column("doctor", sa.Text),
    )
    op.create_table(
        "space_delivery",
        sa.Column("person_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("until_on", sa.Date, nullable=False),
    )


def requests_of_accounts() -> None:
    op.create_table(
        "space_card_order",
        key(),
        person(),
        account(),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ordered_at", sa.Double, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("closed_at", sa.Double),
        sa.CheckConstraint(
            "reason IN ('loss', 'deterioration')", name="space_card_order_reason"
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_at IS NULL) AND outcome IN ('received', 'cancelled')",
            name="space_card_order_outcome",
        ),
    )
    partial("space_card_order_one_open", "space_card_order", "person_id", OPEN, unique=True)
    op.create_table(
        "space_declaration",
        key(),
        person(),
        account(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("declared_at", sa.Double, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.CheckConstraint(
            "kind IN ('address', 'bank', 'doctor', 'fund')", name="space_declaration_kind"
        ),
    )
    op.create_index(
        "space_declaration_by_person", "space_declaration", ["person_id", "kind", "declared_at"]
    )
    op.create_table(
        "space_message",
        key(),
        person(),
        account(),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("sent_at", sa.Double, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary),
        sa.Column("answered_at", sa.Double),
        sa.Column("answered_by", sa.Text),
        sa.Column("read_at", sa.Double),
        sa.CheckConstraint(
            "topic IN ('reimbursement', 'rights', 'leave', 'document', 'other')",
            name="space_message_topic",
        ),
    )
    op.create_index("space_message_by_account", "space_message", ["account_id", "sent_at"])
    partial(
        "space_message_waiting", "space_message", "due_on", "answered_at IS NULL", unique=False
    )


def accounts() -> None:
    op.create_table(
        "space_preference",
        account(primary_key=True, autoincrement=False),
        sa.Column("alert_login", sa.Boolean, nullable=False),
        sa.Column("alert_contact", sa.Boolean, nullable=False),
        sa.Column("alert_payment", sa.Boolean, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("reminded_at", sa.Double),
    )
    op.create_table(
        "space_visit",
        key(),
        account(),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("provider", sa.Text),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.UniqueConstraint("account_id", "session", name="space_visit_once"),
        sa.CheckConstraint("way IN ('federation', 'classic')", name="space_visit_way"),
    )
    op.create_index("space_visit_by_age", "space_visit", ["at"])
    op.create_table(
        "space_email_change",
        key(),
        account(),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("closed_at", sa.Double),
    )
    partial("space_email_change_one_open", "space_email_change", "account_id", OPEN, unique=True)
    op.create_index(
        "space_email_change_by_account", "space_email_change", ["account_id", "asked_at"]
    )
    op.create_table(
        "space_certificate",
        sa.Column("code", sa.Text, primary_key=True),
        person(),
        account(),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.UniqueConstraint("account_id", "issued_on", name="space_certificate_daily"),
    )
    op.create_table(
        "space_request",
        account(primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("at", sa.Double, nullable=False),
    )
    op.create_index("space_request_by_age", "space_request", ["at"])
