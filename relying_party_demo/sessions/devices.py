"""
On which devices an account is open: each session under a name that opens nothing.

Names are hashes of the hash that the session's row bears, so that a page may carry them.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Column, Engine, Float, Index, String, Table, Text, delete, insert, select
from sqlalchemy.exc import IntegrityError

from relying_party_demo.outside import Outside
from relying_party_demo.sessions.store import PURGED_AT_ONCE, SESSION, TABLES, session_key

DEVICE = Table(
    "device",
    TABLES,
    Column("key", String(64), primary_key=True),
    Column("name", String(32), nullable=False, unique=True),
    Column("account", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("opened_at", Float, nullable=False),
    Index("device_account", "account"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """One open session: its name, what kind of device, since when, last used; Unix seconds."""

    name: str
    label: str
    opened_at: float
    seen_at: float


class Devices:
    """The open sessions of accounts at one service."""

    def __init__(self, engine: Engine, idle_seconds: int, outside: Outside) -> None:
        self._engine = engine
        self._idle = idle_seconds
        self._outside = outside

    def known(self, text: str) -> bool:
        """Whether the session behind a cookie has its device noted."""
        with self._engine.connect() as connection:
            found = select(DEVICE.c.key).where(DEVICE.c.key == session_key(text))
            return connection.execute(found).first() is not None

    def note(self, text: str, account: str, label: str) -> None:
        """Note the device of the session behind a cookie."""
        row = {
            "key": session_key(text),
            "name": session_name(text),
            "account": account,
            "label": label,
            "opened_at": self._outside.clock(),
        }
        orphans = select(DEVICE.c.key).where(DEVICE.c.key.not_in(select(SESSION.c.key)))
        with suppress(IntegrityError), self._engine.begin() as tx:  # another tab was faster
            tx.execute(delete(DEVICE).where(DEVICE.c.key.in_(orphans.limit(PURGED_AT_ONCE))))
            tx.execute(insert(DEVICE), row)

    def of(self, account: str) -> list[Device]:
        """The sessions of an account that are still open, the latest used first."""
        alive = SESSION.c.seen_at > self._outside.clock() - self._idle
        statement = (
            select(DEVICE.c.name, DEVICE.c.label, DEVICE.c.opened_at, SESSION.c.seen_at)
            .join(SESSION, SESSION.c.key == DEVICE.c.key)
            .where(DEVICE.c.account == account, alive)
            .order_by(SESSION.c.seen_at.desc(), DEVICE.c.name)
        )
        with self._engine.connect() as connection:
            return [Device(*row) for row in connection.execute(statement)]

    def close(self, account: str, name: str | None = None) -> int:
        """End the session of that name, or all those of the account; how many were ended."""
        theirs = select(DEVICE.c.key).where(DEVICE.c.account == account)
        if name is not None:
            theirs = theirs.where(DEVICE.c.name == name)
        with self._engine.begin() as tx:
            keys = list(tx.execute(theirs).scalars())
            tx.execute(delete(DEVICE).where(DEVICE.c.key.in_(keys)))
            return tx.execute(delete(SESSION).where(SESSION.c.key.in_(keys))).rowcount


def session_name(text: str) -> str:
    """What a session is called: 32 hexadecimal digits that open nothing."""
    return hashlib.sha256(f"name:{session_key(text)}".encode()).hexdigest()[:32]
