"""The ledger of answers: who let which claims go to which service, when, and on which screen."""

import json
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    insert,
    select,
)

from broker.clients.client import Client
from broker.clients.scopes import TECHNICAL_CLAIMS, claims_of
from broker.database import BROKER
from broker.login.attempt import Attempt
from broker.outside import Clock
from broker.statements import Ready

CONSENT = Table(
    "consent",
    BROKER,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("person", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("offered", Text, nullable=False),
    Column("agreed", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("consent_latest", "person", "client_id", "at"),
)

_INSERT = Ready(insert(CONSENT))
_LATEST = Ready(
    select(CONSENT.c.offered, CONSENT.c.agreed, CONSENT.c.at)
    .where(CONSENT.c.person == bindparam("person"), CONSENT.c.client_id == bindparam("client_id"))
    .order_by(CONSENT.c.at.desc(), CONSENT.c.id.desc())
    .limit(1)
)
_DAY = 86_400


def wanted_claims(attempt: Attempt) -> tuple[str, ...]:
    """Every claim this login would send."""
    return claims_of(attempt.request.scopes, attempt.request.claims)


def optional_claims(attempt: Attempt, client: Client) -> frozenset[str]:
    """The claims the person may keep: voluntary ones, and those the service registered so."""
    return frozenset(client.settings.optional_claims) | frozenset(attempt.request.voluntary)


def consent_kind(attempt: Attempt, client: Client) -> str:
    """Which of the three screens is due: `anonymous`, `information` or `explicit`."""
    if all(claim in TECHNICAL_CLAIMS for claim in wanted_claims(attempt)):
        return "anonymous"
    return client.settings.consent


@dataclass(frozen=True, slots=True)
class Ledger:
    """Records answers and recalls them; an answer is good for `days` (0: never recalled)."""

    clock: Clock
    days: int

    def covers(
        self, connection: Connection, attempt: Attempt, client: Client
    ) -> tuple[str, ...] | None:
        """
        The claims an earlier answer already lets go, or None when the person must be asked.

        The one predicate of the consent screen, of `prompt=none` and of single sign-on: the last
        answer to this service was about at least these claims, and is not too old.
        """
        who = attempt.authentication
        if who is None or "consent" in attempt.request.prompt:
            return None
        marks = {"person": who.person, "client_id": client.client_id}
        row = _LATEST.row(connection, marks)
        if row is None or self.clock() - row.at > self.days * _DAY:
            return None
        wanted = wanted_claims(attempt)
        if not set(wanted) <= set(json.loads(row.offered)):
            return None
        agreed = set(json.loads(row.agreed))
        return tuple(claim for claim in wanted if claim in agreed)

    def record(
        self, tx: Connection, attempt: Attempt, client: Client, agreed: tuple[str, ...]
    ) -> None:
        """Keep the person's answer."""
        who = attempt.authentication
        if who is None:
            raise ValueError("nobody has signed in for this attempt")
        row = {
            "person": who.person,
            "client_id": client.client_id,
            "kind": consent_kind(attempt, client),
            "offered": json.dumps(wanted_claims(attempt)),
            "agreed": json.dumps(agreed),
            "at": self.clock(),
        }
        _INSERT.count(tx, row)
