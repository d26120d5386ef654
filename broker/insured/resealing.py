"""
After a change of secret: everything the insured domain keeps sealed is sealed again with the new
one, and the fingerprints of accounts are made anew, so that the old secret can be forgotten.

In small transactions beside the logins; a run that is stopped goes on where there is still
something to do. An account whose e-mail or NIR another one has under the new secret stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Engine, Update, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from broker.database import reading
from broker.insured.accounts.protected import Sealing, email_of, nir_of, phone_of
from broker.insured.desk.consultations import ASKED, NOTE
from broker.insured.desk.staff import SEALED_FOR as SECOND_FACTOR
from broker.insured.desk.tables import CONSULTATION, STAFF
from broker.insured.schema import ACCOUNT, CASE, OUTBOX
from broker.insured.space.sealed import ANSWER, DECLARED
from broker.insured.space.sealed import CERTIFICATE as CERTIFICATE_PURPOSE
from broker.insured.space.sealed import MESSAGE as MESSAGE_PURPOSE
from broker.insured.space.tables import CERTIFICATE, DECLARATION, MESSAGE

_BATCH = 200
# Answers to request keys and codes of the personal space are left out: they live for a day.
_OTHERS = (
    (CASE.c.number, CASE.c.identity_sealed, "case:identity"),
    (OUTBOX.c.id, OUTBOX.c.sealed, "outbox"),
    (DECLARATION.c.id, DECLARATION.c.sealed, DECLARED),
    (MESSAGE.c.id, MESSAGE.c.sealed, MESSAGE_PURPOSE),
    (MESSAGE.c.id, MESSAGE.c.answer_sealed, ANSWER),
    (CERTIFICATE.c.code, CERTIFICATE.c.sealed, CERTIFICATE_PURPOSE),
    (STAFF.c.id, STAFF.c.totp_sealed, SECOND_FACTOR),
    (CONSULTATION.c.id, CONSULTATION.c.note_sealed, NOTE),
    (CONSULTATION.c.id, CONSULTATION.c.asked_sealed, ASKED),
)
"""The key of a table, a sealed column, and what it was sealed for."""


@dataclass(slots=True)
class Resealed:
    """How many rows were written, and which were left, as "account 12"."""

    rows: int = 0
    left: list[str] = field(default_factory=list)


def reseal(engine: Engine, sealing: Sealing) -> Resealed:
    """Seal again what an older secret sealed."""
    done = Resealed()
    _walk(engine, ACCOUNT.c.id, _accounts(sealing), done)
    for key, column, purpose in _OTHERS:
        _walk(engine, key, _sealed(sealing, column, purpose), done)
    return done


Renewal = Callable[[Any], dict[str, Any]]
"""The new columns of a row, none when it is up to date."""


def _walk(engine: Engine, key: Column[Any], renewal: Renewal, done: Resealed) -> None:
    statement = select(key.table).order_by(key).limit(_BATCH)
    after = None
    while True:
        page = statement if after is None else statement.where(key > after)
        with reading(engine) as connection:
            rows = connection.execute(page).all()
        if not rows:
            return
        after = getattr(rows[-1], key.name)
        with engine.begin() as tx:
            for row in rows:
                values = renewal(row)
                if values:
                    _renew(tx, key, row, values, done)


def _renew(
    tx: Connection, key: Column[Any], row: Any, values: dict[str, Any], done: Resealed
) -> None:
    table = key.table
    statement: Update = update(table).where(key == bindparam("wanted"))
    for name in values:
        # A row that somebody changed meanwhile was sealed with the new secret by then.
        statement = statement.where(table.c[name].is_not_distinct_from(getattr(row, name)))
    wanted = getattr(row, key.name)
    try:
        with tx.begin_nested():
            done.rows += tx.execute(statement.values(values), {"wanted": wanted}).rowcount
    except IntegrityError:
        done.left.append(f"{table.name} {wanted}")


def _accounts(sealing: Sealing) -> Renewal:
    def renewal(row: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for protected in (nir_of(sealing), email_of(sealing), phone_of(sealing)):
            sealed = getattr(row, f"{protected.kind}_sealed")
            if sealed is not None and not sealing.is_current(sealed):
                values |= protected.columns(protected.open(sealed))
        return values

    return renewal


def _sealed(sealing: Sealing, column: Column[Any], purpose: str) -> Renewal:
    def renewal(row: Any) -> dict[str, Any]:
        sealed = getattr(row, column.name)
        if sealed is None or sealing.is_current(sealed):
            return {}
        return {column.name: sealing.seal(sealing.open(bytes(sealed), purpose), purpose)}

    return renewal
