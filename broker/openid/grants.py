"""
Grants: what a code and its access token stand for, one row from issue to revocation.

A row is found by the hash of the code or by the hash of the token, in columns of their own, each
hash salted with its kind: an identifier of one kind is never accepted as another. Redeeming and
revoking are conditional updates: of twenty parallel redemptions one succeeds, on any node.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Index,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from broker.database import BROKER
from broker.sealing import Sealer, digest
from broker.statements import Ready
from broker.subjects.persons import OPEN, PERSON

GRANT = Table(
    "issued_grant",
    BROKER,
    Column("code_hash", Text, primary_key=True),
    Column("code_expires_at", Float, nullable=False),
    Column("redeemed_at", Float),
    Column("token_hash", Text, unique=True),
    Column("token_expires_at", Float),
    Column("revoked_at", Float),
    Column("client_id", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("code_challenge", Text),
    Column("attempt", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("account_id", Text),
    Column("scope", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("issued_grant_session", "session"),
    Index("issued_grant_person", "person"),
    Index("issued_grant_expiry", "code_expires_at"),
)

_PURPOSE = "grant"
_PLAIN = (
    *("code_hash", "code_expires_at", "client_id", "redirect_uri", "code_challenge", "attempt"),
    *("session", "person", "provider", "account_id", "scope"),
)
_INSERT = Ready(insert(GRANT))
_WITH_PERSON = select(GRANT, OPEN).outerjoin(PERSON, PERSON.c.id == GRANT.c.person)
_OF_CODE = GRANT.c.code_hash == bindparam("hash")
_BY_CODE = Ready(_WITH_PERSON.where(_OF_CODE))
_BY_TOKEN = Ready(_WITH_PERSON.where(GRANT.c.token_hash == bindparam("hash")))
_REDEEM = Ready(
    update(GRANT)
    .where(
        _OF_CODE,
        GRANT.c.redeemed_at.is_(None),
        GRANT.c.revoked_at.is_(None),
        GRANT.c.code_expires_at > bindparam("now"),
    )
    .values(
        redeemed_at=bindparam("now"),
        token_hash=bindparam("new_token"),
        token_expires_at=bindparam("until"),
    )
)
_REVOKE = (
    update(GRANT).where(_OF_CODE, GRANT.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))
)
_REVOKE_SESSION = (
    update(GRANT)
    .where(GRANT.c.session == bindparam("ended"), GRANT.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_BY_SESSION = _WITH_PERSON.where(
    GRANT.c.session == bindparam("wanted"), GRANT.c.redeemed_at.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Grant:
    """
    One answer to one authorization request; times in Unix seconds.

    `content` holds what the tokens say: ID token claims known at consent, userinfo; sealed at rest.
    """

    code_hash: str
    code_expires_at: float
    client_id: str
    redirect_uri: str
    code_challenge: str | None
    attempt: str
    session: str
    person: str
    provider: str
    account_id: str | None
    scope: str
    content: dict[str, Any] = field(repr=False)
    redeemed_at: float | None = None
    token_expires_at: float | None = None
    revoked_at: float | None = None
    person_open: bool = True

    # The methods below are those Authlib asks of an authorization code.

    def get_redirect_uri(self) -> str:
        """The redirect URI of the request, compared exactly at redemption."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """The granted scopes, space separated."""
        return self.scope

    @property
    def code_challenge_method(self) -> str | None:
        """S256 whenever there is a challenge."""
        return "S256" if self.code_challenge else None

    def token_lives(self, now: float) -> bool:
        """Whether the access token of this grant still opens anything."""
        return (
            self.revoked_at is None
            and self.token_expires_at is not None
            and now < self.token_expires_at
        )


def code_hash(code: str) -> str:
    """How a code is stored."""
    return digest("code", code)


def token_hash(token: str) -> str:
    """How an access token is stored."""
    return digest("access-token", token)


def add(tx: Connection, grant: Grant, sealer: Sealer) -> None:
    """Store a grant whose code was not redeemed yet."""
    row = {name: getattr(grant, name) for name in _PLAIN}
    row["content"] = sealer.seal(json.dumps(grant.content).encode(), _PURPOSE)
    _INSERT.count(tx, row)


def find_by_code(connection: Connection, code: str, sealer: Sealer) -> Grant | None:
    """The grant of a code, in whatever state; None when the code was never issued."""
    row = _BY_CODE.row(connection, {"hash": code_hash(code)})
    return _read(row, sealer) if row else None


def find_by_token(connection: Connection, token: str, sealer: Sealer) -> Grant | None:
    """The grant of an access token, in whatever state; None when it was never issued."""
    row = _BY_TOKEN.row(connection, {"hash": token_hash(token)})
    return _read(row, sealer) if row else None


def redeem(tx: Connection, grant: Grant, token: str, now: float, until: float) -> bool:
    """Spend the code and attach its access token; False when it was spent, revoked or expired."""
    values = {
        "hash": grant.code_hash,
        "now": now,
        "new_token": token_hash(token),
        "until": until,
    }
    return bool(_REDEEM.count(tx, values))


def revoke(tx: Connection, grant: Grant, now: float) -> bool:
    """Make code and token worthless; False when they were already."""
    return bool(tx.execute(_REVOKE, {"hash": grant.code_hash, "now": now}).rowcount)


def revoke_session(tx: Connection, session: str, now: float) -> int:
    """Make every code and token of a browser session worthless; returns how many."""
    return int(tx.execute(_REVOKE_SESSION, {"ended": session, "now": now}).rowcount)


@dataclass(frozen=True, slots=True)
class SessionShare:
    """A service that received something from a browser session, and its name for the person."""

    client_id: str
    sub: str


def shares_of(connection: Connection, session: str, sealer: Sealer) -> frozenset[SessionShare]:
    """The services that took part in a browser session."""
    rows = connection.execute(_BY_SESSION, {"wanted": session})
    found = (_read(row, sealer) for row in rows)
    return frozenset(SessionShare(g.client_id, g.content["id_token"]["sub"]) for g in found)


def purge(tx: Connection, before: float, most: int = 500) -> int:
    """Forget up to `most` grants that died before `before`; returns how many."""
    old = (
        select(GRANT.c.code_hash)
        .where(
            GRANT.c.code_expires_at < before,
            GRANT.c.token_expires_at.is_(None) | (GRANT.c.token_expires_at < before),
        )
        .limit(most)
    )
    return int(tx.execute(delete(GRANT).where(GRANT.c.code_hash.in_(old))).rowcount)


def _read(row: Any, sealer: Sealer) -> Grant:
    return Grant(
        code_hash=row.code_hash,
        code_expires_at=row.code_expires_at,
        client_id=row.client_id,
        redirect_uri=row.redirect_uri,
        code_challenge=row.code_challenge,
        attempt=row.attempt,
        session=row.session,
        person=row.person,
        provider=row.provider,
        account_id=row.account_id,
        scope=row.scope,
        content=json.loads(sealer.open(row.content, _PURPOSE)),
        redeemed_at=row.redeemed_at,
        token_expires_at=row.token_expires_at,
        revoked_at=row.revoked_at,
        person_open=bool(row.person_open),
    )
