"""
A new e-mail address: it counts once the code sent there has come back.

Nobody learns whether another account has the address before proving that the mailbox is theirs.
The code is for ten minutes and dies after three wrong tries; a new one replaces the one before.
The old address is told of the change, always.
"""

import hmac
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from broker.errors import AddressTakenError
from broker.insured.accounts.protected import email_columns, email_indexes
from broker.insured.accounts.rows import email_used
from broker.insured.contact import Recipient, email_form, masked_email
from broker.insured.credentials.limits import take
from broker.insured.credentials.rules import Limit
from broker.insured.letters import Letter
from broker.insured.outbox import enqueue
from broker.insured.periods import DAY
from broker.insured.schema import ACCOUNT
from broker.insured.space.alerts import warn
from broker.insured.space.days import moment
from broker.insured.space.place import Space, Tenant
from broker.insured.space.sealed import ADDRESS, opened, seal
from broker.insured.space.tables import EMAIL_CHANGE

CODE_SECONDS = 600
MOST_TRIES = 3
DAILY = Limit("space:email", 5, DAY)
_DIGITS = 6
_PURPOSE = "space:email:code"

_E = EMAIL_CHANGE.c
_OPEN = select(EMAIL_CHANGE).where(_E.account_id == bindparam("account"), _E.closed_at.is_(None))
_CLOSE = (
    update(EMAIL_CHANGE)
    .where(_E.account_id == bindparam("account"), _E.closed_at.is_(None))
    .values(closed_at=bindparam("now"))
)
_TRY = (
    update(EMAIL_CHANGE)
    .where(_E.account_id == bindparam("account"), _E.closed_at.is_(None), _E.tries < MOST_TRIES)
    .values(tries=_E.tries + 1)
    .returning(_E.sealed, _E.code, _E.asked_at, _E.tries)
)
_INSERT = insert(EMAIL_CHANGE)


def pending(connection: Connection, space: Space, account_id: int) -> dict[str, Any] | None:
    """The address that waits for its code, masked, and until when; None without any."""
    row = connection.execute(_OPEN, {"account": account_id}).one_or_none()
    expired = row is None or space.clock() - row.asked_at >= CODE_SECONDS
    if row is None or expired or row.tries >= MOST_TRIES:
        return None
    address = opened(space.sealing, row.sealed, ADDRESS)
    return {
        "email_masked": masked_email(address),
        "until": moment(row.asked_at + CODE_SECONDS),
        "tries_left": MOST_TRIES - row.tries,
    }


def ask(
    tx: Connection, space: Space, tenant: Tenant, address: str, language: str
) -> dict[str, Any]:
    """Send a code to a new address; BackChannelLimitError beyond DAILY."""
    now, account = space.clock(), tenant.account_id
    take(tx, space.sealing, ((DAILY, str(account)),), now)
    tx.execute(_CLOSE, {"account": account, "now": now})
    address = email_form(address)
    code = f"{int.from_bytes(space.random(8), 'big') % 10**_DIGITS:0{_DIGITS}d}"
    row = {
        "account_id": account,
        "sealed": seal(space.sealing, address, ADDRESS),
        "code": _print(space, account, code),
        "asked_at": now,
        "tries": 0,
    }
    tx.execute(_INSERT, row)
    blanks = {"code": code, "minutes": str(CODE_SECONDS // 60), "language": language}
    letter = Letter("email_code", blanks)
    enqueue(tx, space.sealing, Recipient("mail", address), letter, now)
    return {"email_masked": masked_email(address), "until": moment(now + CODE_SECONDS)}


def confirm(tx: Connection, space: Space, tenant: Tenant, code: str) -> dict[str, Any]:
    """
    The address counts from now on when the code is right: `outcome` is changed, wrong or expired.

    A wrong code is an answer and no error, so that the try is counted. AddressTakenError when
    another account has the address.
    """
    now, account = space.clock(), tenant.account_id
    # The try is taken before the code is looked at, so that parallel guesses are counted too.
    row = tx.execute(_TRY, {"account": account}).one_or_none()
    if row is None or now - row.asked_at >= CODE_SECONDS:
        return {"outcome": "expired", "tries_left": 0}
    if not hmac.compare_digest(row.code, _print(space, account, code)):
        return {"outcome": "wrong", "tries_left": MOST_TRIES - row.tries}
    address = opened(space.sealing, row.sealed, ADDRESS)
    columns = email_columns(space.sealing, address)
    if email_used(tx, email_indexes(space.sealing, address)):
        raise AddressTakenError
    warn(tx, space, account, "email_changed")
    try:
        tx.execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(columns))
    except IntegrityError as fault:
        raise AddressTakenError from fault
    tx.execute(_CLOSE, {"account": account, "now": now})
    return {"outcome": "changed", "tries_left": 0}


def _print(space: Space, account_id: int, code: str) -> str:
    return space.sealing.mac(f"{account_id}:{code}", _PURPOSE)
