"""
Changes that a person declares: address, bank account, doctor, fund (S17, S109, S152, S161, S163).

The latest declaration of a kind is shown from its day on; until then the one before it is. A bank
account waits for three working days, which people read as "2 à 3 jours ouvrés" (ruling X3). Of an
IBAN only the last characters are kept: the creation of an account is compared with the one of the
registry, where the fund writes it. Of a new bank account the holder is told in any case, since
money goes there; of a new address when they asked.
"""

from typing import Any

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from sqlalchemy import Connection, bindparam, insert, select

from broker.errors import BackChannelRequestError
from broker.insured.credentials.limits import take
from broker.insured.credentials.rules import Limit
from broker.insured.funds import fund_name, fund_order
from broker.insured.periods import DAY
from broker.insured.registry.iban import END
from broker.insured.registry.tables import LABEL
from broker.insured.space.alerts import alert, warn
from broker.insured.space.days import moment
from broker.insured.space.place import Space, Tenant
from broker.insured.space.sealed import DECLARED, opened, seal
from broker.insured.space.tables import DECLARATION
from broker.working_days import after_working_days

WORKING_DAYS = {"address": 0, "bank": 3, "doctor": 0, "fund": 5}
"""How long each kind waits."""

DAILY = Limit("space:declaration", 10, DAY)

_D = DECLARATION.c
_DECLARED = (
    select(DECLARATION)
    .where(_D.person_id == bindparam("person"))
    .order_by(_D.declared_at.desc(), _D.id.desc())
)
_INSERT = insert(DECLARATION)
_FUNDS = select(LABEL.c.text).order_by(LABEL.c.text)


def declared(connection: Connection, space: Space, person_id: int) -> dict[str, Any]:
    """
    By kind, what counts today (`current`) and what will (`coming`), each with its values, the
    moment it was declared and the day it counts from; a kind never declared is absent.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(_DECLARED, {"person": person_id}):
        place = "current" if row.effective_on <= space.today else "coming"
        kind = found.setdefault(row.kind, {})
        if "current" in kind or place in kind:
            continue
        kind[place] = {
            "values": opened(space.sealing, row.sealed, DECLARED),
            "declared_at": moment(row.declared_at),
            "effective_on": row.effective_on.isoformat(),
        }
    return found


def funds(connection: Connection) -> list[str]:
    """The names of the funds that the registry knows, as people call them, by department."""
    labels = connection.execute(_FUNDS).scalars()
    return sorted({fund_name(label) for label in labels if label}, key=fund_order)


def declare(
    tx: Connection, space: Space, tenant: Tenant, kind: str, values: dict[str, str]
) -> dict[str, Any]:
    """Record a change; BackChannelRequestError for values that cannot be, BackChannelLimitError."""
    now = space.clock()
    take(tx, space.sealing, ((DAILY, str(tenant.person_id)),), now)
    kept = _bank(values["iban"]) if kind == "bank" else values
    if kind == "fund" and values["fund"] not in funds(tx):
        raise BackChannelRequestError("must be one of the known funds", parameter="fund")
    effective_on = after_working_days(space.today, WORKING_DAYS[kind])
    row = {
        "person_id": tenant.person_id,
        "account_id": tenant.account_id,
        "kind": kind,
        "sealed": seal(space.sealing, kept, DECLARED),
        "declared_at": now,
        "effective_on": effective_on,
    }
    tx.execute(_INSERT, row)
    if kind == "bank":
        warn(tx, space, tenant.account_id, "bank_declared", end=kept["end"])
    elif kind == "address":
        alert(tx, space, tenant.account_id, "contact")
    return {"kind": kind, "effective_on": effective_on.isoformat()}


def _bank(text: str) -> dict[str, str]:
    try:
        iban = IBAN(text, validate_bban=True)
    except SchwiftyException as fault:
        raise BackChannelRequestError(
            "must be an IBAN with the right keys", parameter="iban"
        ) from fault
    return {"end": str(iban)[-END:]}
