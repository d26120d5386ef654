"""The staff of the desk: who they are, and their second factor."""

import base64
from dataclasses import dataclass
from typing import Any

import pyotp
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from broker.audit.events import Event
from broker.database import reading
from broker.insured.desk.ground import Ground
from broker.insured.desk.tables import STAFF, STAFF_SESSION

ISSUER = "Passerelle 36 46"
SEALED_FOR = "staff:totp"
SHORTEST_PASSWORD = 12
_SECRET_BYTES = 20  # RFC 4226 §4, R6: 160 bits
_S = STAFF.c


class StaffError(ValueError):
    """What was asked of the staff cannot be done; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Staff:
    """One advisor; `on_call` comes in outside opening hours too."""

    id: int
    name: str
    on_call: bool
    disabled: bool = False
    locked: bool = False


class StaffDirectory:
    """Adds, lists and changes the staff. Names are compared without regard to case."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def add(
        self, name: str, password: str, *, on_call: bool = False, secret: str | None = None
    ) -> str:
        """Take somebody in and return the secret of the second factor (base32), shown this once."""
        if len(password) < SHORTEST_PASSWORD:
            raise StaffError(f"The password needs {SHORTEST_PASSWORD} characters at least.")
        ground, secret = self._ground, secret or self._secret()
        row = {
            "name": staff_name(name),
            "password_hash": ground.hashing.hash(password),
            "totp_sealed": ground.sealing.seal(secret.encode(), SEALED_FOR),
            "totp_step": 0,
            "on_call": on_call,
            "failures": 0,
            "created_at": ground.clock(),
        }
        try:
            with ground.engine.begin() as tx:
                number = tx.execute(insert(STAFF).returning(_S.id), row).scalar_one()
                ground.trail(Event.STAFF_ADDED, staff=number)
        except IntegrityError:
            raise StaffError(f"{staff_name(name)} is on the staff already.") from None
        return secret

    def everyone(self) -> list[Staff]:
        """The whole staff by name, those who left included."""
        now = self._ground.clock()
        with reading(self._ground.engine) as connection:
            rows = connection.execute(select(STAFF).order_by(_S.name)).all()
        return [_staff(row, now) for row in rows]

    def disable(self, name: str) -> None:
        """Close the desk to somebody: open sessions end at once."""
        with self._ground.engine.begin() as tx:
            number = tx.execute(
                update(STAFF)
                .where(_S.name == staff_name(name))
                .values(disabled_at=self._ground.clock())
                .returning(_S.id)
            ).scalar_one_or_none()
            if number is None:
                raise StaffError(f"Nobody of the staff is called {staff_name(name)}.")
            tx.execute(delete(STAFF_SESSION).where(STAFF_SESSION.c.staff_id == number))
            self._ground.trail(Event.STAFF_DISABLED, staff=number)

    def reset_totp(self, name: str) -> str:
        """A new secret for the second factor; failures are forgotten and sessions end."""
        ground, secret = self._ground, self._secret()
        with ground.engine.begin() as tx:
            number = tx.execute(
                update(STAFF)
                .where(_S.name == staff_name(name), _S.disabled_at.is_(None))
                .values(
                    totp_sealed=ground.sealing.seal(secret.encode(), SEALED_FOR),
                    totp_step=0,
                    failures=0,
                    locked_until=None,
                )
                .returning(_S.id)
            ).scalar_one_or_none()
            if number is None:
                raise StaffError(f"Nobody at work is called {staff_name(name)}.")
            tx.execute(delete(STAFF_SESSION).where(STAFF_SESSION.c.staff_id == number))
            ground.trail(Event.STAFF_CHANGED, staff=number)
        return secret

    def _secret(self) -> str:
        return base64.b32encode(self._ground.random(_SECRET_BYTES)).decode()


def staff_name(text: str) -> str:
    """One spelling for one name."""
    return " ".join(text.split()).casefold()


def enrolment_address(name: str, secret: str) -> str:
    """The address that a QR code carries to an authenticator (otpauth)."""
    return pyotp.TOTP(secret).provisioning_uri(name=staff_name(name), issuer_name=ISSUER)


def _staff(row: Row[*tuple[Any, ...]], now: float) -> Staff:
    locked = row.locked_until is not None and row.locked_until > now
    return Staff(row.id, row.name, row.on_call, row.disabled_at is not None, locked)
