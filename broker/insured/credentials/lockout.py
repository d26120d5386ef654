"""
Lockout: wrong passwords in a row, by NIR, whether or not it is anybody's.

A try is counted before the password is looked at and forgiven when it was right, so that however
many come at once, no more are looked at than the rule allows: 5 wrong ones, then a wait of 15
minutes that doubles; after 10, none until a recovery.
"""

import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select, update

from broker.database import upsert
from broker.insured.accounts.protected import Sealing
from broker.insured.credentials.tables import LOCKOUT

FREE_TRIES, MOST_TRIES = 5, 10
FIRST_WAIT_SECONDS = 15 * 60

LockoutKey = tuple[str, ...]
"""The fingerprints of one NIR: under the present secret, which counts, then under older ones."""

_KEYS = LOCKOUT.c.key.in_(bindparam("wanted", expanding=True))
_SEEN = select(LOCKOUT.c.failures, LOCKOUT.c.until).where(_KEYS)
_HELD = _SEEN.order_by(LOCKOUT.c.key).with_for_update()
_COUNT = (
    update(LOCKOUT)
    .where(LOCKOUT.c.key == bindparam("present"))
    .values(
        failures=bindparam("new_failures"),
        until=bindparam("new_until"),
        tried_at=bindparam("now"),
    )
)
_FORGIVE = delete(LOCKOUT).where(_KEYS)


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


def take_turn(tx: Connection, key: LockoutKey, now: float) -> Turn:
    """Count one try of this NIR, unless none is allowed; `now` Unix seconds."""
    upsert(tx, LOCKOUT, {"key": key[0], "failures": 0, "until": 0.0, "tried_at": now})
    turn = _turn(tx, _HELD, key, now)
    if turn.allowed:
        values = {"new_failures": turn.failures, "new_until": now + wait_after(turn.failures)}
        tx.execute(_COUNT, {"present": key[0], "now": now, **values})
    return turn


def next_turn(connection: Connection, key: LockoutKey, now: float) -> Turn:
    """What the next try of this NIR would meet; nothing is counted."""
    return _turn(connection, _SEEN, key, now)


def _turn(connection: Connection, counted: Select[Any], key: LockoutKey, now: float) -> Turn:
    # What was counted before a change of secret goes on counting.
    rows = connection.execute(counted, {"wanted": key}).all()
    failures = max((row.failures for row in rows), default=0)
    until = max((row.until for row in rows), default=0.0)
    return Turn(failures + 1, max(0, math.ceil(until - now)))


def forgive(tx: Connection, key: LockoutKey) -> None:
    """Forget the wrong tries of a NIR: its password was right, or is a new one."""
    tx.execute(_FORGIVE, {"wanted": key})


def lockout_key(sealing: Sealing, nir: str) -> LockoutKey:
    """Under which fingerprints the tries of a NIR (15 characters) are counted."""
    return tuple(sealing.macs(nir, "lockout"))
