"""
Back-channel logout (OpenID Connect Back-Channel Logout 1.0): telling the other services.

A notice is written in the transaction that ends the session, tried at once, then again with
growing pauses; what could not be delivered stays on record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)

from broker.clients.directory import Clients
from broker.database import BROKER, reading
from broker.openid.grants import SessionShare
from broker.openid.tokens import TokenMaker
from broker.outside import Clock, Random
from broker.sealing import b64
from providers.http import CallFailedError, Http, Limits

NOTICE = Table(
    "logout_notice",
    BROKER,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("sub", Text, nullable=False),
    Column("sid", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Float),
    Column("delivered_at", Float),
    Column("failure", Text),
    Index("logout_notice_due", "next_at"),
)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYP = "logout+jwt"
_PAUSES = (10.0, 60.0, 600.0, 3600.0)
_LIFE = 120
_JTI_BYTES = 16
_LIMITS = Limits(connect=1.0, read=2.0, size=4096)
_ACCEPTED = frozenset({200, 204})
_DUE = (
    select(NOTICE)
    .where(NOTICE.c.next_at <= bindparam("now"))
    .order_by(NOTICE.c.next_at)
    .limit(bindparam("most"))
)
# Claiming moves the date first: two nodes never send the same notice at the same time.
_CLAIM = (
    update(NOTICE)
    .where(NOTICE.c.id == bindparam("row"), NOTICE.c.tries == bindparam("seen"))
    .values(tries=NOTICE.c.tries + 1, next_at=bindparam("again"))
)
_DONE = (
    update(NOTICE)
    .where(NOTICE.c.id == bindparam("row"))
    .values(delivered_at=bindparam("at"), next_at=None, failure=None)
)
_FAILED = update(NOTICE).where(NOTICE.c.id == bindparam("row")).values(failure=bindparam("reason"))


@dataclass(frozen=True, slots=True)
class LogoutNotices:
    """Writes, sends and repeats the notices of ended sessions."""

    engine: Engine
    clients: Clients
    tokens: TokenMaker
    http: Http
    clock: Clock
    random: Random

    def write(self, tx: Connection, shares: Iterable[SessionShare], sid: str) -> None:
        """Note whom to tell, in the transaction that ends the session."""
        rows = [
            {
                "client_id": share.client_id,
                "sub": share.sub,
                "sid": sid,
                "tries": 0,
                "next_at": self.clock(),
            }
            for share in shares
            if self._address(share.client_id) is not None
        ]
        if rows:
            tx.execute(insert(NOTICE), rows)

    def deliver(self, most: int = 50) -> int:
        """Send what is due; returns how many were accepted."""
        now = self.clock()
        with reading(self.engine) as connection:
            due = connection.execute(_DUE, {"now": now, "most": most}).all()
        return sum(self._send(row, now) for row in due)

    def _send(self, row: Any, now: float) -> bool:
        pause = _PAUSES[row.tries] if row.tries < len(_PAUSES) else None
        claim = {"row": row.id, "seen": row.tries, "again": now + pause if pause else None}
        with self.engine.begin() as tx:
            if not tx.execute(_CLAIM, claim).rowcount:
                return False
        failure = self._post(row)
        with self.engine.begin() as tx:
            if failure is None:
                tx.execute(_DONE, {"row": row.id, "at": now})
            else:
                tx.execute(_FAILED, {"row": row.id, "reason": failure})
        return failure is None

    def _post(self, row: Any) -> str | None:
        """Send one notice; returns why it was not accepted, or None."""
        address = self._address(row.client_id)
        if address is None:
            return "the service takes no notice any more"
        body = urlencode({"logout_token": self._token(row)}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            reply = self.http.send("POST", address, headers=headers, body=body, limits=_LIMITS)
        except CallFailedError as fault:
            return fault.reason
        return None if reply.status in _ACCEPTED else f"status {reply.status}"

    def _token(self, row: Any) -> str:
        now = int(self.clock())
        alg = self.clients.active(row.client_id).settings.id_token_signed_alg
        claims = {
            "iss": self.tokens.issuer,
            "aud": row.client_id,
            "iat": now,
            "exp": now + _LIFE,
            "jti": b64(self.random(_JTI_BYTES)),
            "sub": row.sub,
            "sid": row.sid,
            "events": {EVENT: {}},
        }
        return self.tokens.sign(claims, alg, TYP)

    def _address(self, client_id: str) -> str | None:
        client = self.clients.find(client_id)
        return client.settings.backchannel_logout_uri if client else None
