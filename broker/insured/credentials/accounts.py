"""What the classic way writes of an account; each line refuses what moved since it was read."""

from sqlalchemy import Connection, bindparam, delete, insert, update

from broker.insured.accounts.ending import replace_account
from broker.insured.accounts.protected import Sealing, email_of, nir_of, phone_of
from broker.insured.accounts.rows import MovedError
from broker.insured.contact import Recipient
from broker.insured.credentials.form import Asked
from broker.insured.credentials.registered import OnFile
from broker.insured.letters import Letter
from broker.insured.outbox import enqueue
from broker.insured.schema import ACCOUNT, CREDENTIAL

_A, _C = ACCOUNT.c, CREDENTIAL.c
_INSERT = insert(ACCOUNT).returning(_A.id)
_CONFIRM = (
    update(ACCOUNT)
    .where(_A.id == bindparam("wanted"), _A.status.in_(("pending", "active")))
    .values(status="active")
)
_REOPEN = (
    update(ACCOUNT)
    .where(_A.id == bindparam("wanted"), _A.status.in_(("active", "locked")))
    .values(status="active")
)
_SIGNED_IN = (
    update(CREDENTIAL)
    .where(_C.account_id == bindparam("wanted"))
    .values(signed_in_at=bindparam("now"))
)
_RENEW = (
    update(CREDENTIAL)
    .where(_C.account_id == bindparam("wanted"), _C.password_hash == bindparam("old_hash"))
    .values(password_hash=bindparam("new_hash"))
)
_FORGET_PASSWORD = delete(CREDENTIAL).where(_C.account_id == bindparam("wanted"))


def open_pending(tx: Connection, sealing: Sealing, asked: Asked, file: OnFile, now: float) -> int:
    """
    Open an account that waits for its link. Its mobile is the insurer's, when it knows one.

    IntegrityError when person, NIR or e-mail were taken meanwhile.
    """
    values = {
        "person_id": file.record.person_id,
        "status": "pending",
        "origin": "classic",
        "created_at": now,
        **nir_of(sealing).columns(file.record.nir),
        **email_of(sealing).columns(asked.email),
        **phone_of(sealing).columns(file.mobile),
    }
    return int(tx.execute(_INSERT, values).scalar_one())


def replace_standing(
    tx: Connection, sealing: Sealing, account_id: int, letter: Letter, now: float
) -> None:
    """
    End an account in favour of another, which the caller opens in the same transaction on a strong
    proof; its address is told by `letter`. MovedError when it does not stand any more.
    """
    sealed = replace_account(tx, account_id, now)
    if sealed is not None:
        enqueue(tx, sealing, Recipient("mail", email_of(sealing).open(sealed)), letter, now)


def set_password(
    tx: Connection, account_id: int, password_hash: str, language: str, now: float
) -> None:
    """Give an account this password (its hash), whether or not it had one."""
    row = {
        "account_id": account_id,
        "password_hash": password_hash,
        "language": language,
        "set_at": now,
        "signed_in_at": None,
    }
    tx.execute(_FORGET_PASSWORD, {"wanted": account_id})
    tx.execute(insert(CREDENTIAL), row)


def renew_hash(tx: Connection, account_id: int, old: str, new: str) -> None:
    """Keep the same password at the costs of today, unless it was changed meanwhile."""
    tx.execute(_RENEW, {"wanted": account_id, "old_hash": old, "new_hash": new})


def confirm(tx: Connection, account_id: int) -> None:
    """The holder proved the mailbox: the account is open. MovedError when it may not be."""
    if not tx.execute(_CONFIRM, {"wanted": account_id}).rowcount:
        raise MovedError


def reopen(tx: Connection, account_id: int) -> None:
    """A recovery ends a lock. MovedError when the account was closed otherwise."""
    if not tx.execute(_REOPEN, {"wanted": account_id}).rowcount:
        raise MovedError


def note_sign_in(tx: Connection, account_id: int, now: float) -> None:
    """The password opened the account."""
    tx.execute(_SIGNED_IN, {"wanted": account_id, "now": now})
