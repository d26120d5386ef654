"""The tables of the classic way; every rule of single use and of counting is kept by them."""

from sqlalchemy import Column, Double, Index, Integer, LargeBinary, Table, Text

from broker.insured.schema import INSURED

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
