"""
The personal space of one insurer, and whose account a request concerns.

Every operation starts from a tenant: an account that stands and is active. Whoever names another
reference, or one of another sector, finds nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, bindparam, select

from broker.database import reading
from broker.errors import AccountNotFoundError
from broker.insured.accounts.own import is_of_stranger
from broker.insured.accounts.protected import Sealing
from broker.insured.schema import ACCOUNT, REFERENCE
from broker.insured.space.days import paris_day

_A, _R = ACCOUNT.c, REFERENCE.c
_TENANT = (
    select(_A.id, _A.person_id, _A.status, _A.nir_sealed)
    .select_from(ACCOUNT.join(REFERENCE, _R.account_id == _A.id))
    .where(_R.reference == bindparam("reference"), _R.sector == bindparam("sector"))
)


class Passwords(Protocol):
    """What the space asks of the passwords, which are kept elsewhere."""

    def chosen_at(self, connection: Connection, account_id: int) -> float | None:
        """When the password of an account was chosen, Unix seconds; None without one."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """The account of a request: its number, its person, its name for the calling service."""

    account_id: int
    person_id: int
    reference: str
    sector: str


@dataclass(frozen=True, slots=True)
class Space:
    """What every operation works with; `clock` gives Unix seconds, `random` unguessable bytes."""

    engine: Engine
    sealing: Sealing
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    passwords: Passwords

    @property
    def today(self) -> date:
        """The day in Paris."""
        return paris_day(self.clock())

    def known(self, reference: str, sector: str) -> tuple[Tenant, str]:
        """
        The account of this reference and its status; AccountNotFoundError, also when the registry's
        number names somebody else now.
        """
        keys: dict[str, Any] = {"reference": reference, "sector": sector}
        with reading(self.engine) as connection:
            row = connection.execute(_TENANT, keys).one_or_none()
            if row is None:
                raise AccountNotFoundError
            if is_of_stranger(connection, self.sealing, row):
                raise AccountNotFoundError(detail="the number names somebody else now")
        return Tenant(row.id, row.person_id, reference, sector), row.status

    def tenant(self, reference: str, sector: str) -> Tenant:
        """The active account of this reference; AccountNotFoundError when there is none."""
        tenant, status = self.known(reference, sector)
        if status != "active":
            raise AccountNotFoundError(detail="the account is not active")
        return tenant
