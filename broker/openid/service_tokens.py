"""Client-credentials tokens: a service speaks for itself, no person stands behind them."""

from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Index,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
)

from broker.database import BROKER
from broker.sealing import digest

SERVICE_TOKEN = Table(
    "service_token",
    BROKER,
    Column("token_hash", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("expires_at", Float, nullable=False),
    Index("service_token_expiry", "expires_at"),
)

_SERVICE_INSERT = insert(SERVICE_TOKEN)
_SERVICE_BY_HASH = select(SERVICE_TOKEN).where(SERVICE_TOKEN.c.token_hash == bindparam("hash"))
_SERVICE_REVOKE = delete(SERVICE_TOKEN).where(
    SERVICE_TOKEN.c.token_hash == bindparam("hash"), SERVICE_TOKEN.c.client_id == bindparam("by")
)


def add_service_token(tx: Connection, token: str, client_id: str, scope: str, until: float) -> None:
    """Store a client-credentials token; no person stands behind it."""
    row = {
        "token_hash": digest("service-token", token),
        "client_id": client_id,
        "scope": scope,
        "expires_at": until,
    }
    tx.execute(_SERVICE_INSERT, row)


@dataclass(frozen=True, slots=True)
class ServiceToken:
    """A client-credentials token; `expires_at` in Unix seconds."""

    client_id: str
    scope: str
    expires_at: float


def find_service_token(connection: Connection, token: str, now: float) -> ServiceToken | None:
    """A living client-credentials token."""
    wanted = {"hash": digest("service-token", token)}
    row = connection.execute(_SERVICE_BY_HASH, wanted).one_or_none()
    if row is None or now >= row.expires_at:
        return None
    return ServiceToken(row.client_id, row.scope, row.expires_at)


def revoke_service_token(tx: Connection, token: str, client_id: str) -> bool:
    """Forget a client-credentials token of this service; False when there is none."""
    wanted = {"hash": digest("service-token", token), "by": client_id}
    return bool(tx.execute(_SERVICE_REVOKE, wanted).rowcount)


def purge(tx: Connection, before: float, most: int = 500) -> int:
    """Forget up to `most` tokens that died before `before`; returns how many."""
    dead = select(SERVICE_TOKEN.c.token_hash).where(SERVICE_TOKEN.c.expires_at < before).limit(most)
    return int(
        tx.execute(delete(SERVICE_TOKEN).where(SERVICE_TOKEN.c.token_hash.in_(dead))).rowcount
    )
