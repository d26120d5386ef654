"""What the personal space may know of passwords: their age."""

from sqlalchemy import Connection, bindparam, select

from broker.insured.schema import CREDENTIAL

_CHOSEN = select(CREDENTIAL.c.set_at).where(CREDENTIAL.c.account_id == bindparam("account"))


class AccountPasswords:
    """The passwords of the classic way."""

    def chosen_at(self, connection: Connection, account_id: int) -> float | None:
        """When the password of an account was chosen, Unix seconds; None without one."""
        found: float | None = connection.execute(
            _CHOSEN, {"account": account_id}
        ).scalar_one_or_none()
        return found
