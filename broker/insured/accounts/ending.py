"""
The end of an account, closed by its holder or replaced by another, whoever ends it.

Nothing of it opens again: its links, its password and every code that waits for it are gone. Its
references stay, and lead to an account that has ended.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update

from broker.insured.accounts.rows import MovedError
from broker.insured.schema import ACCOUNT, CREDENTIAL, LINK, PROOF, STANDING_STATUSES

_A = ACCOUNT.c
_END = (
    update(ACCOUNT)
    .where(_A.id == bindparam("wanted"), _A.status.in_(bindparam("from_status", expanding=True)))
    .values(status=bindparam("new_status"), ended_at=bindparam("now"))
    .returning(_A.email_sealed)
)
_FORGET = tuple(
    delete(table).where(table.c.account_id == bindparam("wanted"))
    for table in (LINK, PROOF, CREDENTIAL)
)


def close_account(tx: Connection, account_id: int, now: float) -> None:
    """End an active account for good; MovedError when it is not active any more."""
    _end(tx, account_id, ("active",), {"new_status": "closed", "now": now})


def replace_account(
    tx: Connection, account_id: int, now: float, statuses: Collection[str] = STANDING_STATUSES
) -> bytes | None:
    """
    End an account in favour of another, which the caller opens in the same transaction.

    Its sealed address, None without one, so that whoever had it is told; MovedError when it has
    none of these `statuses` any more.
    """
    return _end(tx, account_id, statuses, {"new_status": "replaced", "now": now})


def _end(
    tx: Connection, account_id: int, statuses: Collection[str], values: dict[str, Any]
) -> bytes | None:
    keys = {"wanted": account_id, "from_status": list(statuses)}
    row = tx.execute(_END, {**keys, **values}).one_or_none()
    if row is None:
        raise MovedError
    for statement in _FORGET:
        tx.execute(statement, {"wanted": account_id})
    address: bytes | None = row.email_sealed
    return address
