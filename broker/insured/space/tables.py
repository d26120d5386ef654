"""
The tables of the personal space, on the `insured` bind.

What belongs to a person (care, leaves, cover) is named by the number of the registry and outlives
an account; what belongs to an account goes with it. Amounts are cents of euro, `*_on` days in
Paris, `*_at` Unix seconds. Texts that a person wrote are sealed.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from broker.insured.schema import ACCOUNT, INSURED, SERIAL

KINDS = ("consultation", "pharmacy", "biology", "imaging", "dental", "optical", "nursing")
"""What a payment may be for."""

_OPEN = text("closed_at IS NULL")


def _account() -> Column[int]:
    return Column("account_id", SERIAL, ForeignKey(ACCOUNT.c.id), nullable=False)


def _key() -> Column[int]:
    return Column("id", SERIAL, primary_key=True, autoincrement=True)


def _person() -> Column[int]:
    # No foreign key: the registry is replaced whole.
    return Column("person_id", BigInteger, nullable=False)


PAYMENT = Table(
    "space_payment",
    INSURED,
    _key(),
    _person(),
    Column("reference", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("care_on", Date, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("spent", Integer, nullable=False),
    Column("base", Integer, nullable=False),
    Column("rate", Integer, nullable=False),
    Column("paid", Integer, nullable=False),
    Column("insurer", Text),
    Column("sent_on", Date),
    UniqueConstraint("reference", name="space_payment_once"),
    CheckConstraint("paid >= 0 AND spent >= 0", name="space_payment_amounts"),
    Index("space_payment_by_person", "person_id", "paid_on"),
)
"""
One payment for one act of care. `reference` is the payer's own number, so that a file delivered
twice pays once; `spent` what the person paid, `base` the tariff, `rate` its percentage, `paid` what
the fund paid; `insurer` the complementary insurer and `sent_on` when it received the statement.
"""

LEAVE = Table(
    "space_leave",
    INSURED,
    _key(),
    _person(),
    Column("reference", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("wages", Integer, nullable=False),
    UniqueConstraint("reference", name="space_leave_once"),
    CheckConstraint("until_on >= from_on", name="space_leave_days"),
    Index("space_leave_by_person", "person_id", "from_on"),
)
"""A sick leave, first and last day included; `wages` the last three gross monthly ones, summed."""

COVER = Table(
    "space_cover",
    INSURED,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("insurer", Text),
    Column("doctor", Text),
)
"""The complementary insurer and the doctor that the fund has on file."""

DELIVERY = Table(
    "space_delivery",
    INSURED,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("until_on", Date, nullable=False),
)
"""Up to which day the demonstration has made the data of a person; empty in production."""

ORDER = Table(
    "space_card_order",
    INSURED,
    _key(),
    _person(),
    _account(),
    Column("reason", Text, nullable=False),
    Column("ordered_at", Double, nullable=False),
    Column("outcome", Text),
    Column("closed_at", Double),
    CheckConstraint("reason IN ('loss', 'deterioration')", name="space_card_order_reason"),
    CheckConstraint(
        "(outcome IS NULL) = (closed_at IS NULL) AND outcome IN ('received', 'cancelled')",
        name="space_card_order_outcome",
    ),
    Index(
        "space_card_order_one_open",
        "person_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)

DECLARATION = Table(
    "space_declaration",
    INSURED,
    _key(),
    _person(),
    _account(),
    Column("kind", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("declared_at", Double, nullable=False),
    Column("effective_on", Date, nullable=False),
    CheckConstraint("kind IN ('address', 'bank', 'doctor', 'fund')", name="space_declaration_kind"),
    Index("space_declaration_by_person", "person_id", "kind", "declared_at"),
)
"""
A change declared by the person; the latest of a kind counts from `effective_on`. `sealed` holds
what is shown again; of a bank account that is its last characters.
"""

MESSAGE = Table(
    "space_message",
    INSURED,
    _key(),
    _person(),
    _account(),
    Column("topic", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("sent_at", Double, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("answer_sealed", LargeBinary),
    Column("answered_at", Double),
    Column("answered_by", Text),
    Column("read_at", Double),
    CheckConstraint(
        "topic IN ('reimbursement', 'rights', 'leave', 'document', 'other')",
        name="space_message_topic",
    ),
    Index("space_message_by_account", "account_id", "sent_at"),
    Index(
        "space_message_waiting",
        "due_on",
        sqlite_where=text("answered_at IS NULL"),
        postgresql_where=text("answered_at IS NULL"),
    ),
)

PREFERENCE = Table(
    "space_preference",
    INSURED,
    Column("account_id", SERIAL, ForeignKey(ACCOUNT.c.id), primary_key=True, autoincrement=False),
    Column("alert_login", Boolean, nullable=False),
    Column("alert_contact", Boolean, nullable=False),
    Column("alert_payment", Boolean, nullable=False),
    Column("language", Text, nullable=False),
    Column("reminded_at", Double),
)
"""Which alerts a person asked for, in which language, and when they put the reminder off."""

VISIT = Table(
    "space_visit",
    INSURED,
    _key(),
    _account(),
    Column("session", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("provider", Text),
    Column("device", Text, nullable=False),
    Column("at", Double, nullable=False),
    UniqueConstraint("account_id", "session", name="space_visit_once"),
    CheckConstraint("way IN ('federation', 'classic')", name="space_visit_way"),
    Index("space_visit_by_age", "at"),
)
"""One sign-in at the portal; `session` is the portal's name for it, never what opens it."""

EMAIL_CHANGE = Table(
    "space_email_change",
    INSURED,
    _key(),
    _account(),
    Column("sealed", LargeBinary, nullable=False),
    Column("code", Text, nullable=False),
    Column("asked_at", Double, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("closed_at", Double),
    Index(
        "space_email_change_one_open",
        "account_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index("space_email_change_by_account", "account_id", "asked_at"),
)
"""A new address that waits for its code; `code` is hashed, `tries` counts the wrong ones."""

CERTIFICATE = Table(
    "space_certificate",
    INSURED,
    Column("code", Text, primary_key=True),
    _person(),
    _account(),
    Column("sealed", LargeBinary, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    UniqueConstraint("account_id", "issued_on", name="space_certificate_daily"),
)
"""A certificate of rights; `code` hashed to be found, `sealed` to be printed again that day."""

REQUEST = Table(
    "space_request",
    INSURED,
    Column("account_id", SERIAL, ForeignKey(ACCOUNT.c.id), primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("asked", Text, nullable=False),
    Column("answer", LargeBinary),
    Column("at", Double, nullable=False),
    Index("space_request_by_age", "at"),
)
"""What a request key did: the hash of what was asked, and the sealed answer that was given."""
