"""What the personal space may know of passwords: their age; and that they end with the account."""

from sqlalchemy import Connection, bindparam, delete, select

from broker.insured.credentials.tables import CREDENTIAL, PROOF

_CHOSEN = select(CREDENTIAL.c.set_at).where(CREDENTIAL.c.account_id == bindparam("account"))
_FORGET = tuple(
    delete(table).where(table.c.account_id == bindparam("account")) for table in (PROOF, CREDENTIAL)
)


class AccountPasswords:
    """The passwords of the classic way."""

    def chosen_at(self, connection: Connection, account_id: int) -> float | None:
        """When the password of an account was chosen, Unix seconds; None without one."""
        found: float | None = connection.execute(
            _CHOSEN, {"account": account_id}
        ).scalar_one_or_none()
        return found

    def forget(self, tx: Connection, account_id: int) -> None:
        """Remove the password of an account that ends, and whatever code waits for it."""
        for statement in _FORGET:
            tx.execute(statement, {"account": account_id})
