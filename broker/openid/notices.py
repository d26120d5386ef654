"""
Back-channel logout (OpenID Connect Back-Channel Logout 1.0): telling the other services.

A notice is written in the transaction that ends the session, tried at once, then again with
growing pauses; what could not be delivered stays on record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import structlog
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
    delete,
    insert,
    or_,
    select,
    update,
)

from broker.clients.directory import Clients
from broker.database import BROKER, reading
from broker.errors import PasserelleError
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
_MOST_TRIES = len(_PAUSES) + 1
# How long a person who logs out may wait for the services; upkeep tells the others.
_PATIENCE = 3.0
_LIFE = 120
_JTI_BYTES = 16
_LIMITS = Limits(connect=1.0, read=2.0, size=4096)
_ACCEPTED = frozenset({200, 204})
WAITING = NOTICE.c.next_at.is_not(None) & (NOTICE.c.tries < _MOST_TRIES)
_DUE = (
    select(NOTICE)
    .where(NOTICE.c.next_at <= bindparam("now"), NOTICE.c.tries < _MOST_TRIES)
    .order_by(NOTICE.c.next_at)
    .limit(bindparam("most"))
)
_DUE_NOW = _DUE.where(NOTICE.c.sid.in_(bindparam("sids", expanding=True)))
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
_LOG = structlog.get_logger("broker.openid")


@dataclass(frozen=True, slots=True)
class LogoutNotices:
    """Writes, sends and repeats the notices of ended sessions."""

    engine: Engine
    clients: Clients
    tokens: TokenMaker
    http: Http
    clock: Clock
    random: Random

    def write(self, tx: Connection, shares: Iterable[SessionShare], session: str) -> list[str]:
        """Note whom to tell, in the transaction that ends the session; returns the `sid`s."""
        rows = [
            {
                "client_id": share.client_id,
                "sub": share.sub,
                "sid": self.tokens.sid(session, share.client_id),
                "tries": 0,
                "next_at": self.clock(),
            }
            for share in shares
            if self._address(share.client_id) is not None
        ]
        if rows:
            tx.execute(insert(NOTICE), rows)
        return [str(row["sid"]) for row in rows]

    def deliver(self, most: int = 50) -> int:
        """Send what is due; returns how many were accepted."""
        now = self.clock()
        with reading(self.engine) as connection:
            due = connection.execute(_DUE, {"now": now, "most": most}).all()
        return sum(self._send(row, now) for row in due)

    def deliver_now(self, sids: list[str], most: int = 50) -> int:
        """Send the notices just written while the person waits, for a few seconds at most."""
        if not sids:
            return 0
        now = self.clock()
        with reading(self.engine) as connection:
            due = connection.execute(_DUE_NOW, {"now": now, "most": most, "sids": sids}).all()
        in_time = (row for row in due if self.clock() - now < _PATIENCE)
        return sum(self._send(row, now) for row in in_time)

    def _send(self, row: Any, now: float) -> bool:
        # After the last try the date stays as it is: it tells when the notice was given up.
        pause = _PAUSES[row.tries] if row.tries < len(_PAUSES) else 0.0
        claim = {"row": row.id, "seen": row.tries, "again": now + pause}
        with self.engine.begin() as tx:
            if not tx.execute(_CLAIM, claim).rowcount:
                return False
        failure = self._post(row)
        with self.engine.begin() as tx:
            if failure is None:
                tx.execute(_DONE, {"row": row.id, "at": now})
            else:
                tx.execute(_FAILED, {"row": row.id, "reason": failure})
                _LOG.warning(
                    "logout notice not accepted",
                    client_id=row.client_id,
                    reason=failure,
                    tries=row.tries + 1,
                    given_up=row.tries + 1 == _MOST_TRIES,
                )
        return failure is None

    def _post(self, row: Any) -> str | None:
        """Send one notice; returns why it was not accepted, or None."""
        address = self._address(row.client_id)
        if address is None:
            return "the service takes no notice any more"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            body = urlencode({"logout_token": self._token(row)}).encode()
            reply = self.http.send("POST", address, headers=headers, body=body, limits=_LIMITS)
        except CallFailedError as fault:
            return fault.reason
        except PasserelleError as fault:
            return f"no token: {fault}"
        return None if reply.status in _ACCEPTED else f"status {reply.status}"

    def _token(self, row: Any) -> str:
        now = int(self.clock())
        settings = self.clients.active(row.client_id).settings
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
        signed = self.tokens.sign(claims, settings.id_token_signed_alg, TYP)
        # As its ID tokens: a service that asked for encryption refuses anything else (§2.6).
        return self.tokens.encrypted(signed, settings, settings.id_token_encrypted_alg)

    def _address(self, client_id: str) -> str | None:
        client = self.clients.find(client_id)
        return client.settings.backchannel_logout_uri if client else None


def purge(tx: Connection, before: float, most: int = 500) -> int:
    """Forget up to `most` notices that were accepted or given up before `before`."""
    columns = NOTICE.c
    given_up = (columns.tries >= _MOST_TRIES) & (columns.next_at < before)
    old = select(columns.id).where(or_(columns.delivered_at < before, given_up)).limit(most)
    return int(tx.execute(delete(NOTICE).where(columns.id.in_(old))).rowcount)
