"""
An advisor signs in: a password and a code of the second factor (RFC 6238), each code once.

An attempt is counted before it is examined and forgiven when it succeeds, so that a burst of
guesses counts in full; it waits for its turn to hash before, so that a busy node costs nobody an
attempt. One answer, after one password was hashed, for a wrong name, password or code and for a
name that is locked: a stranger does not learn who is on the staff.
"""

from contextlib import suppress
from typing import Any

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import Connection, Row, bindparam, or_, select, update

from broker.audit.events import Event
from broker.database import reading
from broker.errors import DeskClosedError, StaffRefusedError
from broker.insured.credentials.hashing import Turn
from broker.insured.desk.ground import Ground
from broker.insured.desk.hours import is_open
from broker.insured.desk.staff import SEALED_FOR, Staff, staff_name
from broker.insured.desk.tables import STAFF

FIRST_LOCK, LAST_LOCK = 5, 10
LOCK_SECONDS = 15 * 60
FOR_EVER = 4_102_444_800.0  # the year 2100: until somebody resets it
_NOBODY = 0  # no number of the staff
_WINDOW = 1  # one interval of thirty seconds before and after: clocks drift
_S = STAFF.c
_BY_NAME = select(STAFF).where(_S.name == bindparam("wanted"), _S.disabled_at.is_(None))
_COUNT = (
    update(STAFF)
    .where(
        _S.id == bindparam("wanted"),
        or_(_S.locked_until.is_(None), _S.locked_until <= bindparam("now")),
    )
    .values(failures=_S.failures + 1)
    .returning(_S.failures)
)
_LOCK = update(STAFF).where(_S.id == bindparam("wanted")).values(locked_until=bindparam("until"))
_ACCEPT = (
    update(STAFF)
    .where(
        _S.id == bindparam("wanted"),
        _S.totp_step < bindparam("step"),
        _S.disabled_at.is_(None),
    )
    .values(totp_step=bindparam("step"), failures=0, locked_until=None)
)


class SignIn:
    """The way in."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def sign_in(self, name: str, password: str, code: str) -> Staff:
        """Who this is; StaffRefusedError, DeskClosedError, PasswordsBusyError otherwise."""
        now = self._ground.clock()
        with self._ground.hashing.turn() as turn:
            row, known = self._look(turn, staff_name(name), password, now)
        if row is None:
            raise StaffRefusedError
        step = self._step(row, code, now)
        if not (known and step and self._accept(row.id, step)):
            self._ground.trail(Event.DESK_SIGN_IN_REFUSED, staff=row.id)
            raise StaffRefusedError
        staff = Staff(row.id, row.name, row.on_call)
        if not (staff.on_call or is_open(now)):
            raise DeskClosedError
        return staff

    def _look(
        self, turn: Turn, name: str, password: str, now: float
    ) -> tuple[Row[*tuple[Any, ...]] | None, bool]:
        """Who may try under this name now, and whether the password is theirs."""
        with reading(self._ground.engine) as connection:
            row = connection.execute(_BY_NAME, {"wanted": name}).one_or_none()
        may_try = self._count(row.id if row else _NOBODY, now)
        known = turn.verify(row.password_hash if row and may_try else None, password)
        return row if may_try else None, known

    def _count(self, staff_id: int, now: float) -> bool:
        """Count an attempt; False when nobody has this number, or it is locked."""
        with self._ground.engine.begin() as tx:
            failures = tx.execute(_COUNT, {"wanted": staff_id, "now": now}).scalar_one_or_none()
            if failures is not None:
                _lock(tx, staff_id, failures, now)
        return failures is not None

    def _step(self, row: Row[*tuple[Any, ...]], code: str, now: float) -> int | None:
        """The interval of a right code; whether it served already is asked afterwards."""
        secret = self._ground.sealing.open(row.totp_sealed, SEALED_FOR).decode()
        with suppress(OTPVerificationError):
            return pyotp.TOTP(secret).verify_and_get_timecode(
                "".join(code.split()), for_time=now, valid_window=_WINDOW
            )
        return None

    def _accept(self, staff_id: int, step: int) -> bool:
        with self._ground.engine.begin() as tx:
            return bool(tx.execute(_ACCEPT, {"wanted": staff_id, "step": step}).rowcount)


def _lock(tx: Connection, staff_id: int, failures: int, now: float) -> None:
    if failures < FIRST_LOCK:
        return
    wait = LOCK_SECONDS * 2 ** (failures - FIRST_LOCK)
    until = now + wait if failures < LAST_LOCK else FOR_EVER
    tx.execute(_LOCK, {"wanted": staff_id, "until": until})
