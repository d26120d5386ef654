"""The tables of the classic way; every rule of single use and of counting is kept by them."""

from sqlalchemy import (
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
)

from broker.insured.schema import INSURED, SERIAL

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

LOCKOUT = Table(
    "lockout",
    INSURED,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", Double, nullable=False),
    Column("tried_at", Double, nullable=False),
    Index("lockout_age", "tried_at"),
)
"""Wrong passwords in a row, under the fingerprint of a NIR that may be nobody's."""

LIMIT = Table(
    "use_limit",
    INSURED,
    Column("key", Text, primary_key=True),
    Column("times", Text, nullable=False),
    Column("ends_at", Double, nullable=False),
    Index("use_limit_end", "ends_at"),
)
"""When something limited was done (Unix seconds, JSON), under a fingerprint of who did it."""

ANSWERED = Table(
    "answered",
    INSURED,
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("claimed_until", Double, nullable=False),
    Column("answer", LargeBinary),
    Column("expires_at", Double, nullable=False),
    Index("answered_end", "expires_at"),
)
"""The answer to a request key, sealed; without answer, whoever works on it until when."""
