"""
Whether the accounts would still find their person in a registry about to be put in service.

An account points at a person by the insurer's number and remembers the NIR. A person who is gone,
or whose number now bears another NIR, leaves the account without a person: its logins would be
refused. When that befalls many, the file is not the successor of the registry it replaces.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, bindparam, select, text

from broker.database import reading
from broker.insured.accounts.protected import Protected
from broker.insured.registry.building import Builder
from broker.insured.schema import ACCOUNT, STANDING

_BATCH = 500
_A = ACCOUNT.c
_ACCOUNTS = (
    select(_A.id, _A.person_id, _A.nir_sealed)
    .where(text(STANDING), _A.id > bindparam("after"))
    .order_by(_A.id)
    .limit(_BATCH)
)


@dataclass(frozen=True, slots=True)
class Continuity:
    """How many accounts there are, and how many would lose their person."""

    accounts: int
    lost: int


def continuity_of(engine: Engine, builder: Builder, nirs: Protected) -> Continuity:
    """Compare every standing account with the registry in the making."""
    accounts = lost = 0
    for numbers in _batches(engine, nirs):
        accounts += len(numbers)
        lost += len(builder.missing(numbers))
    return Continuity(accounts, lost)


def _batches(engine: Engine, nirs: Protected) -> Iterator[dict[int, str]]:
    after = 0
    while True:
        with reading(engine) as connection:
            rows = connection.execute(_ACCOUNTS, {"after": after}).all()
        if not rows:
            return
        yield {row.person_id: nirs.open(row.nir_sealed) for row in rows}
        after = rows[-1].id
