"""
Signed-in people: one row for each browser, made at login and never before.

The cookie holds an unguessable text, the row its hash. A login always makes a new text, so that
one planted beforehand is worth nothing. A row that nobody used for the idle limit is no session.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    Float,
    Index,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from relying_party_demo.outside import Outside

PURGED_AT_ONCE = 200

TABLES = MetaData()
SESSION = Table(
    "signed_in",
    TABLES,
    Column("key", String(64), primary_key=True),
    Column("opened_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("subject", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("identified_at", Float, nullable=False),
    Column("claims", Text, nullable=False),
    Column("id_token", Text, nullable=False),
    Index("signed_in_seen", "seen_at"),
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """
    One person in one browser.

    `level` is the `acr`, `identified_at` the moment the person proved who they are, `until` the
    moment this session ends if nothing happens; times in Unix seconds.
    """

    subject: str
    level: str
    identified_at: float
    claims: Mapping[str, Any]
    id_token: str
    until: float


class Sessions:
    """The sessions of one service."""

    def __init__(self, engine: Engine, idle_seconds: int, outside: Outside) -> None:
        self._engine = engine
        self._idle = idle_seconds
        self._outside = outside

    def open(self, person: SignedIn, replacing: str | None) -> str:
        """The text for the cookie of a new session; the one it replaces is over."""
        now = self._outside.clock()
        text = self._outside.random(32).hex()
        row = {
            "key": session_key(text),
            "opened_at": now,
            "seen_at": now,
            "subject": person.subject,
            "level": person.level,
            "identified_at": person.identified_at,
            "claims": json.dumps(dict(person.claims)),
            "id_token": person.id_token,
        }
        old = select(SESSION.c.key).where(SESSION.c.seen_at <= now - self._idle)
        with self._engine.begin() as tx:
            tx.execute(delete(SESSION).where(SESSION.c.key.in_(old.limit(PURGED_AT_ONCE))))
            if replacing:
                tx.execute(delete(SESSION).where(SESSION.c.key == session_key(replacing)))
            tx.execute(insert(SESSION), row)
        return text

    def use(self, text: str) -> SignedIn | None:
        """The session behind a cookie, whose idle time starts again; None when there is none."""
        now = self._outside.clock()
        mine = (SESSION.c.key == session_key(text), SESSION.c.seen_at > now - self._idle)
        with self._engine.begin() as tx:
            touched = update(SESSION).where(*mine).values(seen_at=now).returning(SESSION)
            row = tx.execute(touched).mappings().one_or_none()
        return self._read(row) if row else None

    def look(self, text: str) -> SignedIn | None:
        """The same without counting as activity."""
        now = self._outside.clock()
        mine = (SESSION.c.key == session_key(text), SESSION.c.seen_at > now - self._idle)
        with self._engine.connect() as connection:
            row = connection.execute(select(SESSION).where(*mine)).mappings().one_or_none()
        return self._read(row) if row else None

    def close(self, text: str) -> None:
        """End this session."""
        with self._engine.begin() as tx:
            tx.execute(delete(SESSION).where(SESSION.c.key == session_key(text)))

    def _read(self, row: RowMapping) -> SignedIn:
        return SignedIn(
            row["subject"],
            row["level"],
            row["identified_at"],
            json.loads(row["claims"]),
            row["id_token"],
            row["seen_at"] + self._idle,
        )


def session_key(text: str) -> str:
    """Under which key the session behind a cookie is kept."""
    return hashlib.sha256(f"session:{text}".encode()).hexdigest()
