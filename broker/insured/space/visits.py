"""The history of sign-ins, as the portal reports them (S140): twelve months of it."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from broker.database import upsert
from broker.insured.periods import YEAR
from broker.insured.space.alerts import alert, choose
from broker.insured.space.days import moment
from broker.insured.space.place import Space, Tenant
from broker.insured.space.tables import VISIT

KEPT_SECONDS = YEAR
BATCH = 500
_SHOWN = 30

_V = VISIT.c
_RECENT = (
    select(VISIT)
    .where(_V.account_id == bindparam("account"))
    .order_by(_V.at.desc(), _V.id.desc())
    .limit(_SHOWN)
)
_COUNTED = select(_V.id).where(
    _V.account_id == bindparam("account"), _V.session == bindparam("session")
)


def visits(connection: Connection, account_id: int) -> list[dict[str, Any]]:
    """The last sign-ins, the latest first."""
    return [
        {
            "session": row.session,
            "way": row.way,
            "provider": row.provider,
            "device": row.device,
            "at": moment(row.at),
        }
        for row in connection.execute(_RECENT, {"account": account_id})
    ]


def note_visit(tx: Connection, space: Space, tenant: Tenant, visit: dict[str, Any]) -> bool:
    """
    Note a sign-in once, however often it is reported; whether it was new.

    `visit` holds session, way, provider or None, device and language; the alert is sent in that
    language when the person asked for it.
    """
    known = {"account": tenant.account_id, "session": visit["session"]}
    if tx.execute(_COUNTED, known).first():
        return False
    language = visit["language"]
    row = {key: value for key, value in visit.items() if key != "language"}
    if not upsert(tx, VISIT, {"account_id": tenant.account_id, "at": space.clock(), **row}):
        return False
    choose(tx, tenant.account_id, language=language)
    alert(tx, space, tenant.account_id, "login", device=visit["device"])
    return True


def purge_visits(tx: Connection, before: float) -> int:
    """Forget sign-ins older than this moment (Unix seconds); how many, BATCH at most."""
    old = select(_V.id).where(_V.at < before).limit(BATCH)
    return tx.execute(delete(VISIT).where(_V.id.in_(old))).rowcount
