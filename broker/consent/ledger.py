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
from broker.consent.boxes import (
    Answer,
    has_line,
    let_go,
    optional_claims,
    wanted_claims,
    without_value,
)
from broker.database import BROKER
from broker.login.attempt import Attempt
from broker.outside import Clock
from broker.sealing import Sealer
from broker.statements import Ready
from broker.subjects.vault import open_identity

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


def consent_kind(attempt: Attempt, client: Client) -> str:
    """Which of the three screens is due: `anonymous`, `information` or `explicit`."""
    wanted = wanted_claims(attempt)
    if not any(has_line(claim, wanted) for claim in wanted):
        return "anonymous"
    return client.settings.consent


@dataclass(frozen=True, slots=True)
class Ledger:
    """Records answers and recalls them; an answer is good for `days` (0: never recalled)."""

    clock: Clock
    days: int
    sealer: Sealer

    def covers(
        self, connection: Connection, attempt: Attempt, client: Client
    ) -> tuple[str, ...] | None:
        """
        The claims an earlier answer already lets go, or None when the person must be asked.

        The one predicate of the consent screen, of `prompt=none` and of single sign-on: the last
        answer to this service was about at least these claims, let those go that the service
        cannot do without, and is not too old.
        """
        who = attempt.authentication
        if who is None or "consent" in attempt.request.prompt:
            return None
        marks = {"person": who.person, "client_id": client.client_id}
        row = _LATEST.row(connection, marks)
        if row is None or self.clock() - row.at > self.days * _DAY:
            return None
        wanted, offered = wanted_claims(attempt), set(json.loads(row.offered))
        unseen = set(wanted) - offered
        if unseen and not self._without_value(unseen, attempt):
            return None
        declined = offered.difference(json.loads(row.agreed))
        kept = {claim for claim in wanted if claim in declined and has_line(claim, wanted)}
        if not kept <= optional_claims(attempt, client):
            return None
        return let_go(wanted, kept)

    def _without_value(self, unseen: set[str], attempt: Attempt) -> bool:
        """Whether there is nothing to tell of what was not told before."""
        sealed = attempt.sealed_identity
        return sealed is not None and unseen <= without_value(open_identity(sealed, self.sealer))

    def record(
        self, tx: Connection, attempt: Attempt, client: Client, answer: Answer
    ) -> tuple[str, ...]:
        """
        Keep the person's answer, and return the claims that it lets go.

        What was not told for want of a value is asked for once there is one.
        """
        who = attempt.authentication
        if who is None:
            raise ValueError("nobody has signed in for this attempt")
        wanted = wanted_claims(attempt)
        agreed = let_go(wanted, answer.kept)
        row = {
            "person": who.person,
            "client_id": client.client_id,
            "kind": consent_kind(attempt, client),
            "offered": json.dumps([claim for claim in wanted if claim not in answer.untold]),
            "agreed": json.dumps([claim for claim in agreed if claim not in answer.untold]),
            "at": self.clock(),
        }
        _INSERT.count(tx, row)
        return agreed
