"""From a pivot identity to a decision: look up, then decide."""

from datetime import date

from sqlalchemy import Connection

from broker.insured.matching.decision import decide, missing_trait
from broker.insured.matching.outcomes import Decision
from broker.insured.registry.lookup import candidates
from providers.identity import PivotIdentity


def match(connection: Connection, identity: PivotIdentity, on: date) -> Decision:
    """Whether this identity is one insured person on this day (Europe/Paris): rules D0 to D10."""
    found = [] if missing_trait(identity) else candidates(connection, identity)
    return decide(identity, found, on)
