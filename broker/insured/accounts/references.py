"""References: the opaque names of an account, one for each sector that asks."""

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, insert, select

from broker.database import upsert
from broker.insured.schema import REFERENCE
from broker.sealing import b64

_BYTES = 18
_R = REFERENCE.c
_INSERT = insert(REFERENCE)
_FIND = select(_R.reference).where(
    _R.account_id == bindparam("wanted"), _R.sector == bindparam("of_sector")
)


def give_reference(
    tx: Connection, account_id: int, sector: str, random: Callable[[int], bytes]
) -> str:
    """
    Name an account that has no name in this sector; IntegrityError when it has one.

    `random` gives unguessable bytes.
    """
    row = _row(account_id, sector, random)
    tx.execute(_INSERT, row)
    return str(row["reference"])


def reference_of(
    tx: Connection, account_id: int, sector: str, random: Callable[[int], bytes]
) -> str:
    """The name of an account in this sector, given now when it has none."""
    keys = {"wanted": account_id, "of_sector": sector}
    found = tx.execute(_FIND, keys).scalar_one_or_none()
    if found is None:
        upsert(tx, REFERENCE, _row(account_id, sector, random))
        found = tx.execute(_FIND, keys).scalar_one()
    return str(found)


def _row(account_id: int, sector: str, random: Callable[[int], bytes]) -> dict[str, str | int]:
    return {"reference": b64(random(_BYTES)), "account_id": account_id, "sector": sector}
