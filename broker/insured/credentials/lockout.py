"""
Lockout: wrong passwords in a row, by NIR, whether or not it is anybody's.

A try is counted before the password is looked at and forgiven when it was right, so that however
many come at once, no more are looked at than the rule allows: 5 wrong ones, then a wait of 15
minutes that doubles; after 10, none until a recovery.
"""

import math
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, update

from broker.database import upsert
from broker.insured.accounts.protected import Sealing
from broker.insured.credentials.tables import LOCKOUT

FREE_TRIES, MOST_TRIES = 5, 10
FIRST_WAIT_SECONDS = 15 * 60

_KEY = LOCKOUT.c.key == bindparam("wanted")
_HELD = select(LOCKOUT.c.failures, LOCKOUT.c.until).where(_KEY).with_for_update()
_COUNT = (
    update(LOCKOUT)
    .where(_KEY)
    .values(
        failures=bindparam("new_failures"),
        until=bindparam("new_until"),
        tried_at=bindparam("now"),
    )
)
_FORGIVE = delete(LOCKOUT).where(_KEY)


@dataclass(frozen=True, slots=True)
class Turn:
    """
    Whether a password may be looked at: `allowed`, or `locked`, or wait so many seconds.

    `failures` counts this try as a wrong one.
    """

    failures: int
    wait: int = 0

    @property
    def locked(self) -> bool:
        """No more tries until a recovery."""
        return self.failures > MOST_TRIES

    @property
    def allowed(self) -> bool:
        """Go on."""
        return not (self.locked or self.wait)

    def after_wrong(self) -> "Turn":
        """What the next try would meet, when this one was wrong."""
        return Turn(self.failures + 1, int(wait_after(self.failures)))


def wait_after(failures: int) -> float:
    """Seconds without tries after so many wrong passwords in a row."""
    if failures < FREE_TRIES:
        return 0.0
    return float(FIRST_WAIT_SECONDS * 2 ** (failures - FREE_TRIES))


def take_turn(tx: Connection, key: str, now: float) -> Turn:
    """Count one try of this NIR (its fingerprint), unless none is allowed; `now` Unix seconds."""
    upsert(tx, LOCKOUT, {"key": key, "failures": 0, "until": 0.0, "tried_at": now})
    row = tx.execute(_HELD, {"wanted": key}).one_or_none()
    failures, until = (row.failures, row.until) if row else (0, 0.0)
    turn = Turn(failures + 1, max(0, math.ceil(until - now)))
    if turn.allowed:
        values = {"new_failures": turn.failures, "new_until": now + wait_after(turn.failures)}
        tx.execute(_COUNT, {"wanted": key, "now": now, **values})
    return turn


def forgive(tx: Connection, key: str) -> None:
    """Forget the wrong tries of a NIR: its password was right, or is a new one."""
    tx.execute(_FORGIVE, {"wanted": key})


def lockout_key(sealing: Sealing, nir: str) -> str:
    """Under which fingerprint the tries of a NIR (15 characters) are counted."""
    return sealing.mac(nir, "lockout")
