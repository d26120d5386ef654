"""
The person behind a pivot identity: the same whichever provider vouches for it.

The key is a keyed fingerprint of the six traits in plain form (case, accents and the kind of
separator do not make another person; where one first name ends and the next begins does); no trait
is stored. The upstream (issuer, subject) is kept for the journal and for retention; it never finds
a person by itself.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
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
    update,
)

from broker.database import BROKER, upsert
from broker.errors import AccountDeactivatedError
from broker.outside import Clock
from broker.sealing import Sealer
from providers.identity import PivotIdentity

PERSON = Table(
    "person",
    BROKER,
    Column("id", Text, primary_key=True),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("blocked_at", Float),
    sqlite_with_rowid=False,
)
PERSON_KEY = Table(
    "person_key",
    BROKER,
    Column("key", Text, primary_key=True),
    Column("person", Text, nullable=False),
    sqlite_with_rowid=False,
)
UPSTREAM = Table(
    "upstream_identity",
    BROKER,
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("seen_at", Float, nullable=False),
    PrimaryKeyConstraint("issuer", "subject", "person"),
    Index("upstream_identity_person", "person"),
    sqlite_with_rowid=False,
)

_BY_KEY = (
    select(PERSON_KEY.c.key, PERSON_KEY.c.person, PERSON.c.blocked_at)
    .outerjoin(PERSON, PERSON.c.id == PERSON_KEY.c.person)
    .where(PERSON_KEY.c.key.in_(bindparam("keys", expanding=True)))
)
OPEN = (PERSON.c.id.is_not(None) & PERSON.c.blocked_at.is_(None)).label("person_open")
"""Whether the person joined to a row may log in; false when nobody was found."""

_BLOCKED = select(PERSON.c.blocked_at).where(PERSON.c.id == bindparam("wanted"))
_BLOCK = (
    update(PERSON).where(PERSON.c.id == bindparam("wanted")).values(blocked_at=bindparam("since"))
)
_NOT_PLAIN = re.compile(r"[^A-Z0-9]+")


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return _NOT_PLAIN.sub(" ", anyascii(name).upper()).strip()


def traits_text(identity: PivotIdentity) -> str:
    """The six traits in plain form, as one text without ambiguity."""
    traits = (
        _plain(identity.family_name),
        # JEAN-PIERRE and JEAN, PIERRE are two people, and often twins.
        " ".join(_plain(name).replace(" ", "-") for name in identity.given_names),
        str(identity.birthdate),
        identity.gender.value,
        identity.birthplace or "",
        identity.birthcountry,
    )
    return "\0".join(traits)


@dataclass(frozen=True, slots=True)
class Persons:
    """Finds or makes the person; blocking one stops every login and every token."""

    sealer: Sealer
    clock: Clock

    def arrive(self, tx: Connection, identity: PivotIdentity, issuer: str, subject: str) -> str:
        """
        Record that this person signed in, and return the person's stable opaque key.

        AccountDeactivatedError for whoever was closed out: not even an earlier consent leads on.
        """
        person = self._find_or_make(tx, traits_text(identity))
        row = {"issuer": issuer, "subject": subject, "person": person, "seen_at": self.clock()}
        upsert(tx, UPSTREAM, row, refresh="seen_at")
        return person

    def block(self, tx: Connection, person: str) -> bool:
        """Close this person: no login, no token, until unblocked; whether there is one."""
        return bool(tx.execute(_BLOCK, {"wanted": person, "since": self.clock()}).rowcount)

    def unblock(self, tx: Connection, person: str) -> bool:
        """Let this person in again; whether there is one."""
        return bool(tx.execute(_BLOCK, {"wanted": person, "since": None}).rowcount)

    def _find_or_make(self, tx: Connection, traits: str) -> str:
        # Fingerprints under older secrets find the same person: rotating the secret moves nobody.
        keys = self.sealer.macs(traits, "person")
        rows = tx.execute(_BY_KEY, {"keys": keys}).all()
        if any(row.blocked_at is not None for row in rows):
            raise AccountDeactivatedError
        known = {row.key: row.person for row in rows}
        person = next((known[key] for key in keys if key in known), keys[0])
        if keys[0] not in known:
            upsert(tx, PERSON_KEY, {"key": keys[0], "person": person})
        now = self.clock()
        row = {"id": person, "created_at": now, "seen_at": now}
        upsert(tx, PERSON, row, refresh="seen_at")
        return str(person)


def is_blocked(connection: Connection, person: str) -> bool:
    """Whether this person was closed, or is not known (any more)."""
    row = connection.execute(_BLOCKED, {"wanted": person}).one_or_none()
    return row is None or row.blocked_at is not None
