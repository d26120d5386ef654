"""
The ways into an account, and its end.

One way in is always kept: the last link of an account without a password cannot be removed. A
closed account lets its person, number and address go: nothing of it opens again, and the same
person may open another.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from broker.errors import AccountNotFoundError, LastWayInError, LinkNotFoundError
from broker.insured.accounts.ending import close_account
from broker.insured.accounts.rows import MovedError
from broker.insured.schema import ACCOUNT, LINK
from broker.insured.space.alerts import warn
from broker.insured.space.days import moment
from broker.insured.space.place import Space, Tenant

_A, _L = ACCOUNT.c, LINK.c
_LINKS = (
    select(_L.id, _L.provider, _L.linked_at, _L.used_at, _L.match)
    .where(_L.account_id == bindparam("account"))
    .order_by(_L.linked_at, _L.id)
)
_HOLD = (
    update(ACCOUNT)
    .where(_A.id == bindparam("account"), _A.status == "active")
    .values(created_at=_A.created_at)  # nothing changes, but the row is held until the end
)
_REMOVE = delete(LINK).where(_L.account_id == bindparam("account"), _L.id == bindparam("number"))
_LINKED = exists().where(_L.account_id == _A.id)
_UNLINKED = update(ACCOUNT).where(_A.id == bindparam("account"), ~_LINKED).values(linked_at=None)


def ways_in(connection: Connection, space: Space, tenant: Tenant) -> dict[str, Any]:
    """The links, and since when there is a password, ISO 8601; None without one."""
    chosen = space.passwords.chosen_at(connection, tenant.account_id)
    links = [
        {
            "number": row.id,
            "provider": row.provider,
            "linked_at": moment(row.linked_at),
            "used_at": moment(row.used_at),
            "match": row.match,
        }
        for row in connection.execute(_LINKS, {"account": tenant.account_id})
    ]
    return {"links": links, "password_since": None if chosen is None else moment(chosen)}


def unlink(tx: Connection, space: Space, tenant: Tenant, number: int) -> dict[str, Any]:
    """Remove a link; LinkNotFoundError, LastWayInError."""
    _hold(tx, tenant)
    ways = ways_in(tx, space, tenant)
    found = next((one for one in ways["links"] if one["number"] == number), None)
    if found is None:
        raise LinkNotFoundError
    if len(ways["links"]) == 1 and ways["password_since"] is None:
        raise LastWayInError
    keys = {"account": tenant.account_id}
    tx.execute(_REMOVE, {**keys, "number": number})
    tx.execute(_UNLINKED, keys)
    warn(tx, space, tenant.account_id, "way_removed")
    return {"provider": found["provider"]}


def close(tx: Connection, space: Space, tenant: Tenant) -> dict[str, Any]:
    """Close the account for good, and tell its address."""
    warn(tx, space, tenant.account_id, "account_closed")
    try:
        close_account(tx, tenant.account_id, space.clock())
    except MovedError as fault:
        raise AccountNotFoundError(detail="the account is not active") from fault
    return {"status": "closed"}


def _hold(tx: Connection, tenant: Tenant) -> None:
    if not tx.execute(_HOLD, {"account": tenant.account_id}).rowcount:
        raise AccountNotFoundError(detail="the account is not active")
