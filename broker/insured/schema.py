"""
The tables of the `insured` bind: accounts and what belongs to them.

Every rule of storage is a constraint here: at most one standing account per insured person, per
NIR and per e-mail; one link per (issuer, subject); one password and one code of a kind per account.
The registry of insured persons has tables of its own (`registry/tables.py`) since it is replaced as
a whole and never altered.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

INSURED = MetaData()
"""The tables of the `insured` bind, built by the migrations of `broker/migrations/insured`."""

SERIAL = BigInteger().with_variant(Integer, "sqlite")

STANDING_STATUSES = ("pending", "active", "locked", "deactivated")
STANDING = f"status IN {STANDING_STATUSES}"
"""Accounts that hold their person, NIR and e-mail; `closed` and `replaced` ones let them go."""

ENDED = "status IN ('closed', 'replaced')"
"""The others, which an advisor still sees in the file of their person."""

_PENDING = text("status = 'pending'")


def _one_standing(name: str, *columns: str) -> Index:
    standing = text(STANDING)
    return Index(name, *columns, unique=True, sqlite_where=standing, postgresql_where=standing)


ACCOUNT = Table(
    "account",
    INSURED,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    # The registry's own number of the person; no foreign key, for the registry is replaced whole.
    Column("person_id", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("nir_sealed", LargeBinary, nullable=False),
    Column("nir_index", Text, nullable=False),
    Column("email_sealed", LargeBinary),
    Column("email_index", Text),
    Column("phone_sealed", LargeBinary),
    Column("phone_index", Text),
    Column("created_at", Double, nullable=False),
    Column("linked_at", Double),
    Column("ended_at", Double),
    CheckConstraint(
        "status IN ('pending', 'active', 'locked', 'deactivated', 'closed', 'replaced')",
        name="account_status",
    ),
    CheckConstraint("origin IN ('federation', 'classic', 'advisor')", name="account_origin"),
    _one_standing("account_one_per_person", "person_id"),
    _one_standing("account_one_per_nir", "nir_index"),
    _one_standing("account_one_per_email", "email_index"),
    # Few at any time, and looked for by every round of upkeep.
    Index("account_pending", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
    Index(
        "account_ended_by_person",
        "person_id",
        sqlite_where=text(ENDED),
        postgresql_where=text(ENDED),
    ),
)

REFERENCE = Table(
    "account_reference",
    INSURED,
    Column("reference", Text, primary_key=True),
    Column("account_id", SERIAL, ForeignKey("account.id"), nullable=False),
    Column("sector", Text, nullable=False),
    UniqueConstraint("account_id", "sector", name="account_reference_once"),
)

LINK = Table(
    "link",
    INSURED,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("account_id", SERIAL, ForeignKey("account.id"), nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("match", Text, nullable=False),
    Column("linked_at", Double, nullable=False),
    Column("used_at", Double, nullable=False),
    UniqueConstraint("issuer", "subject", name="link_once"),
    Index("link_account", "account_id"),
    Index("link_person", "person"),
)

CREDENTIAL = Table(
    "credential",
    INSURED,
    Column("account_id", SERIAL, ForeignKey("account.id"), primary_key=True, autoincrement=False),
    Column("password_hash", Text, nullable=False),
    Column("language", Text),
    Column("set_at", Double, nullable=False),
    Column("signed_in_at", Double),
)
"""
The password of an account (argon2id, PHC string), and the language of whoever chose it; an account
without a row has none. `signed_in_at` is the last time it opened the account.
"""

PROOF = Table(
    "proof",
    INSURED,
    Column("handle", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account_id", SERIAL, ForeignKey("account.id")),
    Column("code", Text),
    Column("language", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("asked_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    CheckConstraint("kind IN ('activation', 'sign_in', 'recovery')", name="proof_kind"),
    UniqueConstraint("account_id", "kind", name="proof_newest_only"),
    Index("proof_expiry", "expires_at"),
)
"""
A link or a code that waits: one of each kind for an account at most, so the newest kills the one
before. `handle` is the hash of what the browser holds, `code` a keyed fingerprint of what was sent
to the person. Without account it answers a stranger as it would a known person.
"""

CASE = Table(
    "advisor_case",
    INSURED,
    Column("number", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("explanation", Text, nullable=False),
    Column("identity_sealed", LargeBinary),
    Column("opened_at", Double, nullable=False),
    Column("closed_at", Double),
    Index(
        "advisor_case_open",
        "person",
        "outcome",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("advisor_case_age", "opened_at"),
)

OUTBOX = Table(
    "outbox",
    INSURED,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("channel", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("due_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    CheckConstraint("channel IN ('mail', 'sms')", name="outbox_channel"),
    Index("outbox_due", "due_at"),
)
