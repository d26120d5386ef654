"""
How rows reach the personal space: payments, sick leaves and cover, as the insurer's systems send
them, in transactions of the sender.

Each row carries the sender's reference, so that a file delivered twice changes nothing. A new
payment tells the holder who asked for it (S19, S142, S156): the insured person, or the parent of
attachment of a child under 16.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from broker.database import upsert
from broker.insured.accounts.own import is_of_stranger
from broker.insured.registry.tables import PERSON
from broker.insured.schema import ACCOUNT
from broker.insured.space.alerts import alert
from broker.insured.space.household import household
from broker.insured.space.place import Space
from broker.insured.space.tables import COVER, LEAVE, PAYMENT

_HOLDER = select(ACCOUNT.c.id, ACCOUNT.c.person_id, ACCOUNT.c.nir_sealed).where(
    ACCOUNT.c.person_id == bindparam("person"), ACCOUNT.c.status == "active"
)
_PARENT = select(PERSON.c.parent_id).where(PERSON.c.person_id == bindparam("person"))

Row = Mapping[str, Any]


def pay(tx: Connection, space: Space, rows: Iterable[Row]) -> int:
    """Record payments (columns of PAYMENT but `id`); how many were new."""
    new = [row for row in rows if upsert(tx, PAYMENT, dict(row))]
    for row in new:
        account = _told(tx, space, row["person_id"], row["care_on"])
        if account is not None:
            alert(tx, space, account, "payment", amount=euros(row["paid"]))
    return len(new)


def receive_leaves(tx: Connection, rows: Iterable[Row]) -> int:
    """Record sick leaves (columns of LEAVE but `id`); how many were new."""
    return sum(upsert(tx, LEAVE, dict(row)) for row in rows)


def cover(tx: Connection, person_id: int, insurer: str | None, doctor: str | None) -> None:
    """Note the complementary insurer and the doctor of a person, when none was noted."""
    upsert(tx, COVER, {"person_id": person_id, "insurer": insurer, "doctor": doctor})


def euros(cents: int) -> str:
    """`1 234,50 €`, as letters write it."""
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") + f",{rest:02d} €"


def _told(tx: Connection, space: Space, person_id: int, care_on: date) -> int | None:
    parent = tx.execute(_PARENT, {"person": person_id}).scalar_one_or_none()
    if parent is not None and _minor_then(tx, parent, person_id, care_on):
        person_id = parent
    account = tx.execute(_HOLDER, {"person": person_id}).one_or_none()
    if account is None or is_of_stranger(tx, space.sealing, account):
        return None
    return int(account.id)


def _minor_then(tx: Connection, parent: int, child: int, care_on: date) -> bool:
    members = household(tx, parent)
    return any(one.person_id == child and one.minor(care_on) for one in members)
