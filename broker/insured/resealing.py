"""
After a change of secret: everything the insured domain keeps sealed is sealed again with the new
one, and the fingerprints of accounts are made anew, so that the old secret can be forgotten.

In small transactions beside the logins; a run that is stopped goes on where there is still
something to do.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, Update, bindparam, select, update

from broker.database import reading
from broker.insured.accounts.protected import Sealing, email_of, nir_of, phone_of
from broker.insured.schema import ACCOUNT, CASE, OUTBOX

_BATCH = 200
_OTHERS = ((CASE, CASE.c.number, CASE.c.identity_sealed), (OUTBOX, OUTBOX.c.id, OUTBOX.c.sealed))
_PURPOSES = {CASE: "case:identity", OUTBOX: "outbox"}


def reseal(engine: Engine, sealing: Sealing) -> int:
    """Seal again what an older secret sealed; returns how many rows were written."""
    written = _walk(engine, ACCOUNT, ACCOUNT.c.id, _accounts(sealing))
    for table, key, column in _OTHERS:
        written += _walk(engine, table, key, _sealed(sealing, table, column))
    return written


Renewal = Callable[[Any], dict[str, Any]]
"""The new columns of a row, none when it is up to date."""


def _walk(engine: Engine, table: Table, key: Column[Any], renewal: Renewal) -> int:
    statement = select(table).order_by(key).limit(_BATCH)
    written, after = 0, None
    while True:
        page = statement if after is None else statement.where(key > after)
        with reading(engine) as connection:
            rows = connection.execute(page).all()
        if not rows:
            return written
        after = getattr(rows[-1], key.name)
        with engine.begin() as tx:
            written += sum(_renew(tx, table, key, row, renewal) for row in rows)


def _renew(tx: Connection, table: Table, key: Column[Any], row: Any, renewal: Renewal) -> int:
    values = renewal(row)
    if not values:
        return 0
    statement: Update = update(table).where(key == bindparam("wanted"))
    for name in values:
        # A row that somebody changed meanwhile was sealed with the new secret by then.
        statement = statement.where(table.c[name].is_not_distinct_from(getattr(row, name)))
    return tx.execute(statement.values(values), {"wanted": getattr(row, key.name)}).rowcount


def _accounts(sealing: Sealing) -> Renewal:
    def renewal(row: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for protected in (nir_of(sealing), email_of(sealing), phone_of(sealing)):
            sealed = getattr(row, f"{protected.kind}_sealed")
            if sealed is not None and not sealing.is_current(sealed):
                values |= protected.columns(protected.open(sealed))
        return values

    return renewal


def _sealed(sealing: Sealing, table: Table, column: Column[Any]) -> Renewal:
    purpose = _PURPOSES[table]

    def renewal(row: Any) -> dict[str, Any]:
        sealed = getattr(row, column.name)
        if sealed is None or sealing.is_current(sealed):
            return {}
        return {column.name: sealing.seal(sealing.open(bytes(sealed), purpose), purpose)}

    return renewal
