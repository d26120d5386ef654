"""
Unlocks an account, or replaces it by a new one after the advisor is sure who calls (X2).

The old account becomes `replaced` and lets go of its person, number, address and links in the
transaction that makes the new one; the constraints of the database refuse any other order.
"""

from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from broker.errors import AccountNotLockedError, DeskConflictError, DeskEmailTakenError
from broker.insured.accounts.own import is_of_stranger
from broker.insured.accounts.protected import email_columns, email_indexes, nir_of, phone_of
from broker.insured.accounts.rows import MovedError, email_used
from broker.insured.credentials.accounts import replace_standing
from broker.insured.credentials.lockout import LockoutKey, forgive, lockout_key, next_turn
from broker.insured.desk.ground import Ground
from broker.insured.desk.telling import AccountRow, dated, tell
from broker.insured.registry.lookup import by_id, known_contact
from broker.insured.schema import ACCOUNT, STANDING

_OPEN = ("active", "locked")
_A = ACCOUNT.c
_STANDING = select(ACCOUNT).where(_A.person_id == bindparam("person"), text(STANDING))
_HELD = _STANDING.with_for_update()
_UNLOCK = (
    update(ACCOUNT)
    .where(_A.id == bindparam("wanted"), _A.status == "locked")
    .values(status="active")
)
_INSERT = insert(ACCOUNT).returning(*ACCOUNT.c)


def account_of(connection: Connection, ground: Ground, person_id: int) -> AccountRow | None:
    """The account that holds this person, if any, as it is just now."""
    row = connection.execute(_STANDING, {"person": person_id}).one_or_none()
    return None if row and is_of_stranger(connection, ground.sealing, row) else row


def held_account(tx: Connection, ground: Ground, person_id: int) -> AccountRow:
    """The account that holds this person, kept from others until the end; DeskConflictError."""
    row = tx.execute(_HELD, {"person": person_id}).one_or_none()
    if row is None or is_of_stranger(tx, ground.sealing, row):
        raise DeskConflictError(detail="this person has no account")
    return row


def lock_of(
    connection: Connection, ground: Ground, account: AccountRow
) -> dict[str, float | None] | None:
    """
    What keeps the holder out: `until` when (Unix seconds), None until somebody opens it.

    None when nothing does, and for an account that is not open at all.
    """
    if account.status not in _OPEN:
        return None
    if account.status == "locked":
        return {"until": None}
    now = ground.clock()
    turn = next_turn(connection, _tries(ground, account), now)
    if turn.allowed:
        return None
    return {"until": None if turn.locked else now + turn.wait}


def unlock(tx: Connection, ground: Ground, account: AccountRow) -> None:
    """Open a locked account again and forget the wrong passwords; AccountNotLockedError."""
    if account.status not in _OPEN:
        raise DeskConflictError(detail=f"the account is {account.status}")
    if lock_of(tx, ground, account) is None:
        raise AccountNotLockedError
    tx.execute(_UNLOCK, {"wanted": account.id})
    forgive(tx, _tries(ground, account))
    tell(tx, ground, account, "account_unlocked")


def replace(tx: Connection, ground: Ground, account: AccountRow, email: str | None) -> AccountRow:
    """
    End this account and open a new one for its person, without password and without link.

    `email` is the address of the new account (as `email_typed` gives it), None to go without. The
    old address is told. DeskConflictError when the registry no longer has the person.
    """
    record = by_id(tx, account.person_id)
    if record is None or record.deceased or not record.rights_open:
        raise DeskConflictError(detail="the registry does not allow an account")
    _end(tx, ground, account)
    address = email_columns(ground.sealing, email)
    if email_used(tx, email_indexes(ground.sealing, email)):
        raise DeskEmailTakenError
    values = {
        "person_id": record.person_id,
        "status": "active",
        "origin": "advisor",
        "created_at": ground.clock(),
        **nir_of(ground.sealing).columns(record.nir),
        # Of the old account nothing is kept: it may have been somebody else's.
        **phone_of(ground.sealing).columns(known_contact(tx, record.person_id).mobile),
        **address,
    }
    try:
        return tx.execute(_INSERT, values).one()
    except IntegrityError as fault:
        raise DeskConflictError(detail="somebody else was faster") from fault


def _tries(ground: Ground, account: AccountRow) -> LockoutKey:
    """Under which key the wrong passwords of this number are counted."""
    return lockout_key(ground.sealing, nir_of(ground.sealing).open(account.nir_sealed))


def _end(tx: Connection, ground: Ground, account: AccountRow) -> None:
    letter = dated(tx, ground, account, "account_renewed")
    try:
        replace_standing(tx, ground.sealing, account.id, letter, ground.clock())
    except MovedError as fault:
        raise DeskConflictError(detail="the account was replaced meanwhile") from fault
    if account.email_sealed is None:
        tell(tx, ground, account, "account_renewed")
