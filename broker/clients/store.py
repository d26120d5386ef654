"""Services kept in the database: for real use, where config.toml declares only a demonstration."""

import json
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)

from broker.clients.client import Client, hash_secret
from broker.database import BROKER
from broker.settings.clients import ClientSettings

CLIENT = Table(
    "client",
    BROKER,
    Column("client_id", Text, primary_key=True),
    Column("settings", Text, nullable=False),
    Column("secret_hash", Text),
    Column("created_at", Float, nullable=False),
    Column("changed_at", Float, nullable=False),
)

_BY_ID = select(CLIENT).where(CLIENT.c.client_id == bindparam("wanted"))
_ALL = select(CLIENT).order_by(CLIENT.c.client_id)


def find(connection: Connection, client_id: str) -> Client | None:
    """The service of that id, disabled or not."""
    row = connection.execute(_BY_ID, {"wanted": client_id}).one_or_none()
    return _read(row) if row else None


def everyone(connection: Connection) -> list[Client]:
    """Every service of the database, by id."""
    return [_read(row) for row in connection.execute(_ALL)]


def add(tx: Connection, settings: ClientSettings, now: float) -> None:
    """Register a service; IntegrityError when the id is taken. The secret is stored hashed."""
    secret = settings.client_secret
    row = {
        "client_id": settings.client_id,
        "settings": _dump(settings),
        "secret_hash": hash_secret(secret) if secret else None,
        "created_at": now,
        "changed_at": now,
    }
    tx.execute(insert(CLIENT), row)


def change(tx: Connection, settings: ClientSettings, now: float) -> bool:
    """Replace what a service registered; its secret stays unless a new one is given."""
    values: dict[str, Any] = {"settings": _dump(settings), "changed_at": now}
    if settings.client_secret:
        values["secret_hash"] = hash_secret(settings.client_secret)
    statement = update(CLIENT).where(CLIENT.c.client_id == settings.client_id).values(values)
    return bool(tx.execute(statement).rowcount)


def _dump(settings: ClientSettings) -> str:
    return settings.model_dump_json(exclude={"client_secret"}, exclude_defaults=True)


def _read(row: Any) -> Client:
    stored = json.loads(row.settings)
    # The secret itself is not known any more: what needs one is satisfied by its hash.
    return Client(ClientSettings.model_validate(stored), row.secret_hash)
