"""
Unfinished logins: one row each, bound to one browser, spent once.

A row holds hashes only. The nonce and the PKCE verifier are derived from the state with the
secret of the service, so that whoever reads the database can finish no login.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Index,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
)

from relying_party_demo.outside import Outside

MOST_PER_BROWSER = 10
PURGED_AT_ONCE = 200

TABLES = MetaData()
ATTEMPT = Table(
    "login_attempt",
    TABLES,
    Column("state_hash", String(43), primary_key=True),
    Column("browser_hash", String(43), nullable=False),
    Column("started_at", Float, nullable=False),
    Index("login_attempt_browser", "browser_hash", "started_at"),
    Index("login_attempt_started", "started_at"),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The three secrets of one login; only `state` and `nonce` ever travel before its end."""

    state: str
    nonce: str
    verifier: str


class Attempts:
    """The unfinished logins of one service."""

    def __init__(self, engine: Engine, secret: str, lifetime: int, outside: Outside) -> None:
        self._engine = engine
        self._secret = secret.encode()
        self._lifetime = lifetime
        self._outside = outside

    def begin(self, browser: str) -> Attempt:
        """A new login of `browser` (an unguessable text); its oldest ones are dropped if many."""
        state = base64url(self._outside.random(32))
        now, owner = self._outside.clock(), _hash("browser", browser)
        newest = (
            select(ATTEMPT.c.state_hash)
            .where(ATTEMPT.c.browser_hash == owner)
            .order_by(ATTEMPT.c.started_at.desc())
            .limit(MOST_PER_BROWSER - 1)
        )
        with self._engine.begin() as tx:
            self._purge(tx, now)
            tx.execute(
                delete(ATTEMPT).where(
                    ATTEMPT.c.browser_hash == owner, ATTEMPT.c.state_hash.not_in(newest)
                )
            )
            row = {"state_hash": _hash("state", state), "browser_hash": owner, "started_at": now}
            tx.execute(insert(ATTEMPT), row)
        return self._derived(state)

    def spend(self, state: str, browser: str) -> Attempt | None:
        """The login of that state if it waits in that browser, exactly once; None otherwise."""
        mine = delete(ATTEMPT).where(
            ATTEMPT.c.state_hash == _hash("state", state),
            ATTEMPT.c.browser_hash == _hash("browser", browser),
            ATTEMPT.c.started_at > self._outside.clock() - self._lifetime,
        )
        with self._engine.begin() as tx:
            found = tx.execute(mine).rowcount
        return self._derived(state) if found else None

    def _purge(self, tx: Connection, now: float) -> None:
        old = (
            select(ATTEMPT.c.state_hash)
            .where(ATTEMPT.c.started_at <= now - self._lifetime)
            .limit(PURGED_AT_ONCE)
        )
        tx.execute(delete(ATTEMPT).where(ATTEMPT.c.state_hash.in_(old)))

    def _derived(self, state: str) -> Attempt:
        return Attempt(state, self._secret_for("nonce", state), self._secret_for("verifier", state))

    def _secret_for(self, purpose: str, state: str) -> str:
        return base64url(hmac.digest(self._secret, f"{purpose}:{state}".encode(), "sha256"))


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _hash(kind: str, value: str) -> str:
    return base64url(hashlib.sha256(f"{kind}:{value}".encode()).digest())
