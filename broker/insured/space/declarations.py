"""
Changes that a person declares: address, bank account, doctor, fund (S17, S109, S152, S161, S163).

The latest declaration of a kind counts from its day on; until then the one before it does. A bank
account waits for three working days, which people read as "2 à 3 jours ouvrés" (ruling X3). Of an
IBAN only a fingerprint, the one of the registry, and the last characters are kept.
"""

from datetime import date
from typing import Any

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from sqlalchemy import Connection, bindparam, insert, select

from broker.errors import BackChannelLimitError, BackChannelRequestError
from broker.insured.registry.iban import END, IbanPrinter, KeyMaker
from broker.insured.registry.tables import LABEL
from broker.insured.space.alerts import alert
from broker.insured.space.days import moment
from broker.insured.space.place import Space, Tenant
from broker.insured.space.sealed import DECLARED, opened, seal
from broker.insured.space.tables import DECLARATION
from broker.insured.working_days import after_working_days

WORKING_DAYS = {"address": 0, "bank": 3, "doctor": 0, "fund": 5}
"""How long each kind waits."""

MOST_A_DAY = 10
_DAY_SECONDS = 24 * 3600
_PAYING = ("address", "bank")
"""The kinds by which money or letters go elsewhere: told by the alert on contact details."""

_D = DECLARATION.c
_DECLARED = (
    select(DECLARATION)
    .where(_D.person_id == bindparam("person"))
    .order_by(_D.declared_at.desc(), _D.id.desc())
)
_RECENT = select(_D.declared_at).where(
    _D.person_id == bindparam("person"), _D.declared_at > bindparam("since")
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
    """The names of the funds that the registry knows."""
    return [name for name in connection.execute(_FUNDS).scalars() if name]


def declare(
    tx: Connection, space: Space, tenant: Tenant, kind: str, values: dict[str, str]
) -> dict[str, Any]:
    """Record a change; BackChannelRequestError for values that cannot be, BackChannelLimitError."""
    now = space.clock()
    recent = {"person": tenant.person_id, "since": now - _DAY_SECONDS}
    if len(tx.execute(_RECENT, recent).all()) >= MOST_A_DAY:
        raise BackChannelLimitError(retry_after=_DAY_SECONDS)
    kept, iban = values, None
    if kind == "bank":
        kept, iban = _bank(values["iban"], space.sealing)
    if kind == "fund" and values["fund"] not in funds(tx):
        raise BackChannelRequestError("must be one of the known funds", parameter="fund")
    effective_on = after_working_days(space.today, WORKING_DAYS[kind])
    row = {
        "person_id": tenant.person_id,
        "account_id": tenant.account_id,
        "kind": kind,
        "sealed": seal(space.sealing, kept, DECLARED),
        "iban": iban,
        "declared_at": now,
        "effective_on": effective_on,
    }
    tx.execute(_INSERT, row)
    if kind in _PAYING:
        alert(tx, space, tenant.account_id, "contact")
    return {"kind": kind, "effective_on": effective_on.isoformat()}


def bank_account(connection: Connection, person_id: int, on: date) -> bytes | None:
    """The fingerprint of the declared account that counts on this day; None without any."""
    rows = connection.execute(_DECLARED, {"person": person_id})
    return next((r.iban for r in rows if r.kind == "bank" and r.effective_on <= on), None)


def _bank(text: str, keys: Any) -> tuple[dict[str, str], bytes]:
    try:
        iban = IBAN(text, validate_bban=True)
    except SchwiftyException as fault:
        raise BackChannelRequestError(
            "must be an IBAN with the right keys", parameter="iban"
        ) from fault
    printer: KeyMaker = keys
    return {"end": str(iban)[-END:]}, IbanPrinter.of(printer).of_valid(str(iban))
