"""
Activation: the link of a creation leads to the choice of a password.

The link proves the mailbox and nothing else; it is spent in the transaction that stores the
password, and opens only the account that still waits for it.
"""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from broker.audit.events import Event
from broker.database import reading
from broker.insured.credentials.accounts import set_password
from broker.insured.credentials.ground import Deed, Ground, Told
from broker.insured.credentials.lockout import forgive, lockout_key
from broker.insured.credentials.passwords import faults
from broker.insured.credentials.proofs import Kind
from broker.insured.credentials.registered import Holder, holder

VALID, EXPIRED, UNKNOWN = "valid", "expired", "unknown"


@dataclass(frozen=True, slots=True)
class Activation:
    """Receives activation links."""

    ground: Ground

    def read(self, token: str) -> str:
        """Whether a link is valid, expired, or unknown (never made, used, or replaced)."""
        return self._read(token)[0]

    def choose(self, token: str, password: str, language: str) -> Deed:
        """What the choice of a password does. PasswordsBusyError when too many are being hashed."""
        state, waiting = self._read(token)
        if waiting is None:
            return lambda _tx: Told({"result": state})
        broken = faults(password, (waiting.nir, waiting.email or ""))
        if broken:
            return lambda _tx: Told({"result": "password", "faults": broken})
        hashed = self.ground.hashing.hash(password)
        return partial(self._choose, token, hashed, language)

    def _read(self, token: str) -> tuple[str, Holder | None]:
        ground = self.ground
        with reading(ground.engine) as connection:
            proof = ground.proofs.find(connection, Kind.ACTIVATION, token)
            if proof is None or proof.account_id is None:
                return UNKNOWN, None
            if proof.expires_at <= ground.clock():
                return EXPIRED, None
            waiting = holder(connection, ground.sealing, proof.account_id)
        pending = waiting is not None and waiting.status == "pending"
        return (VALID, waiting) if pending else (UNKNOWN, None)

    def _choose(self, token: str, hashed: str, language: str, tx: Connection) -> Told:
        ground, now = self.ground, self.ground.clock()
        account_id = ground.proofs.spend(tx, Kind.ACTIVATION, token, now)
        waiting = holder(tx, ground.sealing, account_id) if account_id is not None else None
        if waiting is None or waiting.status != "pending":
            return Told({"result": UNKNOWN})
        set_password(tx, waiting.id, hashed, language, now)
        forgive(tx, lockout_key(ground.sealing, waiting.nir))
        return Told({"result": "done"}, (Event.PASSWORD_SET,), waiting.id)
