"""
Codes sent by post (S100, X12): a kind of their own, good for fifteen days from posting, the newest
alone, three tries, once.

The code goes to the address in the file of the insurer, which nobody changes on the telephone;
whoever holds it may choose a new password. A try is counted before it is looked at, and a number
that is nobody's is answered in the same words after the same work.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, insert, select, update

from broker.audit.events import Event
from broker.database import reading
from broker.errors import DeskConflictError
from broker.insured.contact import Recipient
from broker.insured.credentials.accounts import reopen, set_password
from broker.insured.credentials.form import FormFaultError, read_nir
from broker.insured.credentials.ground import Deed, Told, refused
from broker.insured.credentials.hashing import Turn
from broker.insured.credentials.limits import take
from broker.insured.credentials.lockout import forgive, lockout_key
from broker.insured.credentials.passwords import faults
from broker.insured.credentials.proofs import ALPHABET, forget
from broker.insured.credentials.registered import Holder, holder_of
from broker.insured.credentials.rules import Limit
from broker.insured.desk.ground import Ground
from broker.insured.desk.persons import known as known_data
from broker.insured.desk.tables import POST_CODE
from broker.insured.desk.telling import AccountRow, tell
from broker.insured.letters import Letter
from broker.insured.outbox import enqueue
from broker.insured.periods import DAY, HOUR
from broker.insured.registry.lookup import by_id
from broker.insured.schema import ACCOUNT
from broker.insured.space.alerts import preferences
from broker.insured.written import as_written

LIVES_SECONDS = 15 * DAY
MOST_TRIES = 3
BY_NIR = Limit("post-code:nir", 10, DAY)
BY_ORIGIN = Limit("post-code:origin", 20, HOUR)
_LETTERS = 10
_PARIS = ZoneInfo("Europe/Paris")
_OPEN = ("active", "locked")
_A, _C = ACCOUNT.c, POST_CODE.c
_POSTED = _C.status == "posted"
_OVER = (
    update(POST_CODE).where(_C.account_id == bindparam("holder"), _POSTED).values(status="replaced")
)
_INSERT = insert(POST_CODE)
_HOLDER = select(ACCOUNT).where(_A.id == bindparam("wanted"), _A.status.in_(_OPEN))
_TRY = (
    update(POST_CODE)
    .where(
        _C.account_id == bindparam("holder"),
        _POSTED,
        _C.expires_at > bindparam("now"),
        _C.tries < MOST_TRIES,
    )
    .values(tries=_C.tries + 1)
    .returning(_C.id, _C.code_hash)
)
_DIE = (
    update(POST_CODE)
    .where(_C.id == bindparam("wanted"), _POSTED, _C.tries >= MOST_TRIES)
    .values(status="dead")
)
_SPEND = update(POST_CODE).where(_C.id == bindparam("wanted"), _POSTED).values(status="used")


@dataclass(frozen=True, slots=True)
class PostCodes:
    """Posts codes through the post room, whose mail address is `post_room`, and takes them back."""

    ground: Ground
    post_room: str

    def post(self, tx: Connection, account: AccountRow) -> None:
        """Make a code and have it printed and posted; the one before it no longer serves."""
        if account.status not in _OPEN:
            raise DeskConflictError(detail=f"the account is {account.status}")
        ground, now = self.ground, self.ground.clock()
        code = "".join(ALPHABET[byte % len(ALPHABET)] for byte in ground.random(_LETTERS))
        tx.execute(_OVER, {"holder": account.id})
        row = {
            "account_id": account.id,
            "code_hash": ground.hashing.hash(code),
            "status": "posted",
            "tries": 0,
            "posted_at": now,
            "expires_at": now + LIVES_SECONDS,
        }
        tx.execute(_INSERT, row)
        self._print(tx, account, f"{code[:5]} {code[5:]}", now + LIVES_SECONDS)
        tell(tx, ground, account, "post_code_sent")

    def redeem(self, nir: str, code: str, password: str, origin: str) -> Deed:
        """
        What a code received by post and a new password do; a locked account is opened by it.

        `origin` is the network address that asks. A password that breaks a rule costs no try.
        BackChannelLimitError when there were too many, PasswordsBusyError before anything is tried.
        """
        try:
            number = read_nir(nir)
        except FormFaultError as fault:
            answer = refused(fault.reason)
            return lambda _tx: Told(answer)
        ground, now = self.ground, self.ground.clock()
        with reading(ground.engine) as connection:
            known = holder_of(connection, ground.sealing, number)
        broken = faults(password, (number, known.email or "" if known else ""))
        if broken:
            return lambda _tx: Told({"result": "password", "faults": broken})
        with ground.engine.begin() as tx:
            take(tx, ground.sealing, ((BY_NIR, number), (BY_ORIGIN, origin)), now)
        with ground.hashing.turn() as hashing:
            code_id = self._tried(known, code_form(code), hashing)
            hashed = hashing.hash(password)
        if known is None or code_id is None:
            told = Told(
                {"result": "wrong"}, (Event.POST_CODE_REFUSED,), known.id if known else None
            )
            return lambda _tx: told
        return partial(self._choose, known, code_id, hashed)

    def _tried(self, known: Holder | None, code: str, hashing: Turn) -> int | None:
        """The number of the code when it is right; as long when nobody has one."""
        with self.ground.engine.begin() as tx:
            keys = {"holder": known.id if known else None, "now": self.ground.clock()}
            row = tx.execute(_TRY, keys).one_or_none()
        if hashing.verify(row.code_hash if row else None, code):
            return int(row.id) if row else None
        with self.ground.engine.begin() as tx:
            tx.execute(_DIE, {"wanted": row and row.id})
        return None

    def _choose(self, known: Holder, code_id: int, hashed: str, tx: Connection) -> Told:
        account = tx.execute(_HOLDER, {"wanted": known.id}).one_or_none()
        if account is None or not tx.execute(_SPEND, {"wanted": code_id}).rowcount:
            return Told({"result": "wrong"}, (Event.POST_CODE_REFUSED,), known.id)
        language = preferences(tx, known.id).language
        set_password(tx, known.id, hashed, language, self.ground.clock())
        reopen(tx, known.id)
        forget(tx, known.id)
        forgive(tx, lockout_key(self.ground.sealing, known.nir))
        tell(tx, self.ground, account, "password_changed")
        return Told({"result": "done"}, (Event.POST_CODE_USED,), known.id)

    def _print(self, tx: Connection, account: AccountRow, code: str, until: float) -> None:
        record = by_id(tx, account.person_id)
        if record is None:
            raise DeskConflictError(detail="the registry no longer has this person")
        first = as_written(record.given_names[0])
        values = {
            "name": f"{first} {record.usage_name or record.family_name}",
            "number": str(record.person_id),
            "postal_code": known_data(tx, record.person_id)["postal_code"] or "",
            "code": code,
            "date": str(datetime.fromtimestamp(until, _PARIS).date()),
            "language": preferences(tx, account.id).language,
        }
        to = Recipient("mail", self.post_room)
        enqueue(tx, self.ground.sealing, to, Letter("post_room", values), self.ground.clock())


def code_form(text: str) -> str:
    """A code as it was made, however it was copied."""
    return "".join(c for c in text.upper() if c.isalnum())
