"""
The door: whether somebody knows the password of a NIR.

The same work and the same answers for a NIR that is nobody's, for an account without password and
for a wrong password. A try counts before the password is looked at.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from sqlalchemy import Connection

from broker.audit.events import Event
from broker.database import reading
from broker.errors import BackChannelLimitError
from broker.insured.contact import Recipient
from broker.insured.credentials.accounts import renew_hash
from broker.insured.credentials.form import FormFaultError, read_nir
from broker.insured.credentials.ground import Ground, Told
from broker.insured.credentials.hashing import Turn as HashingTurn
from broker.insured.credentials.limits import check, take
from broker.insured.credentials.lockout import Turn, forgive, lockout_key, take_turn
from broker.insured.credentials.registered import Holder, holder_of
from broker.insured.credentials.rules import Limit
from broker.insured.registry.lookup import by_id


class Verdict(Enum):
    """How the door answers."""

    RIGHT = auto()
    WRONG = auto()
    KEPT_OUT = auto()


@dataclass(frozen=True, slots=True)
class Knock:
    """
    One try with a NIR (`number`). `turn` is what the next one would meet, or what this one met
    when it was kept out; `holder` the account behind the NIR; `renewed` the same password at the
    costs of today.
    """

    verdict: Verdict
    number: str = field(default="", repr=False)
    turn: Turn | None = None
    holder: Holder | None = None
    renewed: str | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """Looks at passwords."""

    ground: Ground

    def knock(self, nir: str, password: str, origin: str) -> Knock:
        """
        Try a password. BackChannelLimitError when this address tried too many wrong ones,
        PasswordsBusyError when too many are being looked at: neither counts as a try.
        """
        try:
            number = read_nir(nir)
        except FormFaultError:
            return Knock(Verdict.WRONG)
        ground, now = self.ground, self.ground.clock()
        limited = (ground.rules.failures_by_origin, origin)
        with reading(ground.engine) as connection:
            check(connection, ground.sealing, limited, now)
        with ground.hashing.turn() as hashing:
            with ground.engine.begin() as tx:
                turn = take_turn(tx, lockout_key(ground.sealing, number), now)
            if not turn.allowed:
                return Knock(Verdict.KEPT_OUT, number, turn)
            found = self._look(number, password, hashing)
        if found.verdict is Verdict.RIGHT:
            with ground.engine.begin() as tx:
                forgive(tx, lockout_key(ground.sealing, number))
            return found
        self._count(limited, now)
        return replace(found, turn=turn.after_wrong())

    def _look(self, number: str, password: str, hashing: HashingTurn) -> Knock:
        with reading(self.ground.engine) as connection:
            known = holder_of(connection, self.ground.sealing, number)
        kept = known.password_hash if known else None
        if not hashing.verify(kept, password) or known is None or kept is None:
            return Knock(Verdict.WRONG, number, holder=known)
        renewed = hashing.renewed(kept, password)
        return Knock(Verdict.RIGHT, number, holder=known, renewed=renewed)

    def _count(self, limited: tuple[Limit, str], now: float) -> None:
        """A wrong one counts against the address; whoever used it up is told at the next try."""
        with suppress(BackChannelLimitError), self.ground.engine.begin() as tx:
            take(tx, self.ground.sealing, (limited,), now)

    def open(self, tx: Connection, knock: Knock) -> Holder | None:
        """
        The account of a right password, read again: it may have been closed, or its password
        changed, since. None as well when its holder is no longer on file, or deceased.
        """
        ground, known = self.ground, knock.holder
        if known is None or known.password_hash is None:
            return None
        now = holder_of(tx, ground.sealing, knock.number)
        if now is None or now.password_hash != known.password_hash:
            return None
        record = by_id(tx, now.person_id)
        if record is None or record.deceased:
            return None
        if knock.renewed:
            renew_hash(tx, known.id, known.password_hash, knock.renewed)
        return now

    def refuse(self, tx: Connection, knock: Knock) -> Told:
        """The answer to a wrong password or to a try too many; tells the holder of a lock."""
        turn, known = knock.turn, knock.holder
        account_id = known.id if known else None
        if turn is None or turn.allowed:
            return Told({"result": "refused"}, (Event.PASSWORD_REFUSED,), account_id)
        if not turn.locked:
            answer = {"result": "wait", "retry_after": turn.wait}
            return Told(answer, (Event.PASSWORD_REFUSED,), account_id)
        if knock.verdict is Verdict.KEPT_OUT:
            return Told({"result": "locked"}, (Event.PASSWORD_REFUSED,))
        if known and known.email and known.password_hash:
            letter = self.ground.letter("account_locked", known.language)
            self.ground.send(tx, Recipient("mail", known.email), letter)
        return Told({"result": "locked"}, (Event.PASSWORD_LOCKED,), account_id)
