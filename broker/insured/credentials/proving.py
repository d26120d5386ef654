"""The password again, from somebody who is signed in and wants to change what matters."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from broker.audit.events import Event
from broker.database import reading
from broker.errors import AccountNotFoundError
from broker.insured.credentials.door import Door, Knock, Verdict
from broker.insured.credentials.ground import Deed, Ground, Told
from broker.insured.credentials.registered import holder


@dataclass(frozen=True, slots=True)
class Proving:
    """Looks once more at the password of an account, with the limits and the lockout of a login."""

    ground: Ground

    def by_password(self, account_id: int, password: str, origin: str) -> Deed:
        """
        What a password proves: `right`, or the answers of a sign-in that is refused.

        AccountNotFoundError when the account does not stand; BackChannelLimitError and
        PasswordsBusyError as `Door.knock`.
        """
        with reading(self.ground.engine) as connection:
            known = holder(connection, self.ground.sealing, account_id)
        if known is None:
            raise AccountNotFoundError
        knock = Door(self.ground).knock(known.nir, password, origin)
        return partial(self._answer, knock, account_id)

    def _answer(self, knock: Knock, account_id: int, tx: Connection) -> Told:
        door = Door(self.ground)
        known = door.open(tx, knock) if knock.verdict is Verdict.RIGHT else None
        # A corrected number may open another account since: its password proves nothing here.
        if known is None or known.id != account_id:
            return door.refuse(tx, knock)
        return Told({"result": "right"}, (Event.PASSWORD_PROVEN,), account_id)
