"""Pairwise subjects: one `sub` per (sector, person), kept from its first use (OIDC Core §8.1)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    select,
)

from broker.database import BROKER, upsert
from broker.outside import Clock
from broker.sealing import Sealer
from broker.statements import Ready

SUBJECT = Table(
    "pairwise_subject",
    BROKER,
    Column("sector", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("sub", Text, nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    PrimaryKeyConstraint("sector", "person"),
    Index("pairwise_subject_person", "person"),
    sqlite_with_rowid=False,
)

_FIND = Ready(
    select(SUBJECT.c.sub).where(
        SUBJECT.c.sector == bindparam("sector"), SUBJECT.c.person == bindparam("person")
    )
)

_BEHIND = select(SUBJECT.c.person).where(SUBJECT.c.sub == bindparam("sub"))


def sector_of(redirect_uri: str, sector_identifier: str | None) -> str:
    """The sector of a service: its declared identifier, else the host of its redirect URI."""
    if sector_identifier:
        return urlsplit(sector_identifier).hostname or sector_identifier
    parts = urlsplit(redirect_uri)
    # On one machine the port tells two services apart; anywhere else the host does.
    loopback = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return parts.netloc if loopback else parts.hostname or parts.netloc


@dataclass(frozen=True, slots=True)
class Subjects:
    """Gives each person one `sub` per sector, whichever provider was used."""

    sealer: Sealer
    clock: Clock

    def sub(self, tx: Connection, sector: str, person: str) -> str:
        """The stored `sub`, made at first use; rotating the secret moves nobody."""
        wanted = {"sector": sector, "person": person}
        found = self.known_sub(tx, sector, person)
        if found is not None:
            return found
        made = self.sealer.mac(f"{sector}\0{person}", "pairwise")
        if upsert(tx, SUBJECT, {**wanted, "sub": made, "created_at": self.clock()}):
            return made
        return str(_FIND.row(tx, wanted).sub)

    @staticmethod
    def known_sub(connection: Connection, sector: str, person: str) -> str | None:
        """The `sub` this sector already received for this person."""
        found = _FIND.row(connection, {"sector": sector, "person": person})
        return None if found is None else str(found.sub)

    @staticmethod
    def person_behind(connection: Connection, sub: str) -> str | None:
        """Whom some service knows by this `sub`."""
        found: str | None = connection.execute(_BEHIND, {"sub": sub}).scalar()
        return found
