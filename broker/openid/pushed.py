"""
Pushed authorization requests (RFC 9126): kept for a minute, taken once, by the client that pushed.

Taking is one DELETE ... RETURNING, so that a `request_uri` serves once on any number of nodes,
whatever becomes of the login it starts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Index,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
)

from broker.database import BROKER
from broker.errors import RequestUriError
from broker.outside import Clock, Random
from broker.sealing import Sealer, b64, digest

PUSHED = Table(
    "pushed_request",
    BROKER,
    Column("reference", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("expires_at", Float, nullable=False),
    Index("pushed_request_expiry", "expires_at"),
)
PREFIX = "urn:ietf:params:oauth:request_uri:"
SECONDS = 60
_REFERENCE_BYTES = 32
_PURPOSE = "pushed-request"
_TAKE = (
    delete(PUSHED)
    .where(
        PUSHED.c.reference == bindparam("wanted"),
        PUSHED.c.client_id == bindparam("by"),
        PUSHED.c.expires_at > bindparam("now"),
    )
    .returning(PUSHED.c.content)
)


@dataclass(frozen=True, slots=True)
class PushedRequests:
    """Keeps and takes pushed requests; their content is sealed."""

    engine: Engine
    sealer: Sealer
    clock: Clock
    random: Random

    def add(self, client_id: str, params: Mapping[str, str]) -> str:
        """Keep the parameters of a client; returns the `request_uri`, good for a minute."""
        request_uri = PREFIX + b64(self.random(_REFERENCE_BYTES))
        row = {
            "reference": digest("pushed", request_uri),
            "client_id": client_id,
            "content": self.sealer.seal(json.dumps(dict(params)).encode(), _PURPOSE),
            "expires_at": self.clock() + SECONDS,
        }
        with self.engine.begin() as tx:
            tx.execute(insert(PUSHED), row)
        return request_uri

    def take(self, client_id: str, request_uri: str) -> dict[str, str]:
        """The pushed parameters, for the first and last time."""
        wanted = {"wanted": digest("pushed", request_uri), "by": client_id, "now": self.clock()}
        with self.engine.begin() as tx:
            row = tx.execute(_TAKE, wanted).one_or_none()
        if row is None:
            raise RequestUriError(parameter="request_uri", detail="is not one of ours, or was used")
        params: dict[str, str] = json.loads(self.sealer.open(bytes(row.content), _PURPOSE))
        return params


def purge(tx: Connection, before: float, most: int = 500) -> int:
    """Forget up to `most` requests that expired before `before`; returns how many."""
    old = select(PUSHED.c.reference).where(PUSHED.c.expires_at < before).limit(most)
    return int(tx.execute(delete(PUSHED).where(PUSHED.c.reference.in_(old))).rowcount)
