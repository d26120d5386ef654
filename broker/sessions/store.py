"""Browser sessions in the database: the browser holds the handle, the table its digest."""

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
from broker.login.attempt import Authentication
from broker.sealing import digest
from broker.statements import Ready
from providers.levels import Level

SESSION = Table(
    "browser_session",
    BROKER,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("amr", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("auth_time", Float, nullable=False),
    Column("identity", LargeBinary, nullable=False),
    Column("id_token", LargeBinary, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("account", Text),
    Index("browser_session_person", "person"),
    Index("browser_session_expiry", "expires_at"),
)

_INSERT = Ready(insert(SESSION))
_BY_ID = Ready(select(SESSION).where(SESSION.c.id == bindparam("wanted")))
_END = delete(SESSION).where(SESSION.c.id == bindparam("wanted"))
_SLIDE = Ready(
    update(SESSION).where(SESSION.c.id == bindparam("wanted")).values(expires_at=bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A running sign-in: who, where, how, and until when (Unix seconds)."""

    authentication: Authentication
    sealed_identity: bytes = field(repr=False)
    sealed_id_token: bytes = field(repr=False)
    expires_at: float

    @property
    def id(self) -> str:
        """The digest under which it is stored."""
        return self.authentication.session


def session_id(handle: str) -> str:
    """The digest of the handle a browser holds."""
    return digest("session", handle)


def add(tx: Connection, opened: BrowserSession) -> None:
    """Store a new session."""
    who = opened.authentication
    row = {
        "id": who.session,
        "person": who.person,
        "provider": who.provider,
        "level": who.level.value,
        "amr": " ".join(who.amr),
        "issuer": who.issuer,
        "subject": who.subject,
        "auth_time": who.auth_time,
        "identity": opened.sealed_identity,
        "id_token": opened.sealed_id_token,
        "expires_at": opened.expires_at,
        "account": who.account,
    }
    _INSERT.count(tx, row)


def find(connection: Connection, wanted: str, now: float) -> BrowserSession | None:
    """The session of that id if it still runs at `now`."""
    row = _BY_ID.row(connection, {"wanted": wanted})
    return _read(row) if row and row.expires_at > now else None


def slide(tx: Connection, session: BrowserSession, until: float) -> bool:
    """Prolong a session that is being used; False when it was ended meanwhile."""
    return _SLIDE.count(tx, {"wanted": session.id, "until": until}) == 1


def end(tx: Connection, wanted: str) -> bool:
    """Forget a session; False when it was already gone."""
    return bool(tx.execute(_END, {"wanted": wanted}).rowcount)


def purge(tx: Connection, before: float, most: int = 500) -> int:
    """Forget up to `most` sessions that expired before `before`; returns how many."""
    old = select(SESSION.c.id).where(SESSION.c.expires_at < before).limit(most)
    return int(tx.execute(delete(SESSION).where(SESSION.c.id.in_(old))).rowcount)


def _read(row: Any) -> BrowserSession:
    who = Authentication(
        person=row.person,
        provider=row.provider,
        level=Level(row.level),
        amr=tuple(row.amr.split()),
        issuer=row.issuer,
        subject=row.subject,
        auth_time=int(row.auth_time),
        session=row.id,
        fresh=False,
        account=row.account,
    )
    return BrowserSession(who, bytes(row.identity), bytes(row.id_token), row.expires_at)
