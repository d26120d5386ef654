"""
The tables of the desk: staff and their sessions, consultations and what was done in each, codes
sent by post.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
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

from broker.insured.schema import INSURED, SERIAL

STAFF = Table(
    "staff",
    INSURED,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("totp_sealed", LargeBinary, nullable=False),
    # The last interval of thirty seconds whose code was accepted: none before it serves again.
    Column("totp_step", BigInteger, nullable=False),
    Column("on_call", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Double),
    Column("created_at", Double, nullable=False),
    Column("disabled_at", Double),
)

STAFF_SESSION = Table(
    "staff_session",
    INSURED,
    Column("token_hash", Text, primary_key=True),
    Column("staff_id", SERIAL, ForeignKey("staff.id"), nullable=False),
    Column("opened_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
    Index("staff_session_staff", "staff_id"),
    Index("staff_session_seen", "seen_at"),
)

CONSULTATION = Table(
    "consultation",
    INSURED,
    Column("id", Text, primary_key=True),
    Column("staff_id", SERIAL, ForeignKey("staff.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note_sealed", LargeBinary),
    # Set in a file: the registry's number of the person, as in `account.person_id`.
    Column("person_id", BigInteger),
    Column("case_number", Text),
    # Set in a search: what was asked, and the numbers of the persons shown, as JSON.
    Column("asked_sealed", LargeBinary),
    Column("shown", Text),
    Column("opened_at", Double, nullable=False),
    CheckConstraint("kind IN ('search', 'case', 'file')", name="consultation_kind"),
    CheckConstraint("(kind = 'file') = (person_id IS NOT NULL)", name="consultation_person"),
    Index("consultation_staff", "staff_id", "opened_at"),
    Index("consultation_history", "person_id", "opened_at"),
    Index("consultation_age", "opened_at"),
)
"""
One look of one advisor, with its reason: a search, a case, or the file of a person.

`id` is unguessable; it opens what it names to the advisor who made it, and to nobody else.
"""

ACT = Table(
    "desk_act",
    INSURED,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("consultation_id", Text, ForeignKey("consultation.id"), nullable=False),
    Column("act", Text, nullable=False),
    Column("request_key", Text, nullable=False),
    Column("at", Double, nullable=False),
    # A form sent twice is one act.
    UniqueConstraint("consultation_id", "request_key", name="desk_act_once"),
)

POST_CODE = Table(
    "post_code",
    INSURED,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("account_id", SERIAL, ForeignKey("account.id"), nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("posted_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    CheckConstraint("status IN ('posted', 'used', 'dead', 'replaced')", name="post_code_status"),
    Index(
        "post_code_newest",
        "account_id",
        unique=True,
        sqlite_where=text("status = 'posted'"),
        postgresql_where=text("status = 'posted'"),
    ),
    Index("post_code_by_account", "account_id"),
    Index("post_code_age", "posted_at"),
)
"""A code sent by post; one at most is good for an account: the newest."""
