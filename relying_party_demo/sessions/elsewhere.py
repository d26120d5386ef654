"""
Sessions that the broker may end: which of ours began in which of its own.

The broker calls its session by a `sid`, the same in the ID token and in the logout token (OpenID
Connect Back-Channel Logout 1.0 §2.4). A logout token serves once: its `jti` is remembered, hashed,
until it has expired.
"""

import hashlib

from sqlalchemy import Column, Engine, Float, Index, String, Table, Text, delete, insert, select
from sqlalchemy.exc import IntegrityError

from relying_party_demo.outside import Outside
from relying_party_demo.sessions.store import PURGED_AT_ONCE, SESSION, TABLES, session_key

BEGUN = Table(
    "begun_at_broker",
    TABLES,
    Column("key", String(64), primary_key=True),
    Column("sid", Text, nullable=False),
    Index("begun_at_broker_sid", "sid"),
)
SEEN = Table(
    "logout_token",
    TABLES,
    Column("jti_hash", String(64), primary_key=True),
    Column("expires_at", Float, nullable=False),
    Index("logout_token_expiry", "expires_at"),
)


class Elsewhere:
    """Ends sessions on the broker's word."""

    def __init__(self, engine: Engine, outside: Outside) -> None:
        self._engine = engine
        self._outside = outside

    def note(self, text: str, sid: str) -> None:
        """The session behind a cookie, just opened, began in the broker's session `sid`."""
        orphans = select(BEGUN.c.key).where(BEGUN.c.key.not_in(select(SESSION.c.key)))
        with self._engine.begin() as tx:
            tx.execute(delete(BEGUN).where(BEGUN.c.key.in_(orphans.limit(PURGED_AT_ONCE))))
            tx.execute(insert(BEGUN), {"key": session_key(text), "sid": sid})

    def first_time(self, jti: str, expires_at: float) -> bool:
        """Whether this logout token was never seen; it has been from now on."""
        old = select(SEEN.c.jti_hash).where(SEEN.c.expires_at <= self._outside.clock())
        row = {"jti_hash": hashlib.sha256(f"jti:{jti}".encode()).hexdigest()}
        try:
            with self._engine.begin() as tx:
                tx.execute(delete(SEEN).where(SEEN.c.jti_hash.in_(old.limit(PURGED_AT_ONCE))))
                tx.execute(insert(SEEN), {**row, "expires_at": expires_at})
        except IntegrityError:
            return False
        return True

    def end(self, sid: str | None, subject: str | None) -> int:
        """End the sessions of that `sid`, or all those of the person without one; how many."""
        theirs = select(SESSION.c.key)
        if sid is not None:
            theirs = theirs.join(BEGUN, BEGUN.c.key == SESSION.c.key).where(BEGUN.c.sid == sid)
        if subject is not None:
            theirs = theirs.where(SESSION.c.subject == subject)
        with self._engine.begin() as tx:
            return tx.execute(delete(SESSION).where(SESSION.c.key.in_(theirs))).rowcount
