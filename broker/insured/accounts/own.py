"""
Whether the insurer's number of an account still names its holder.

An account points at a person by that number and remembers the NIR. A registry may be put in service
in which the number names somebody else (`registry/continuity.py` counts them): from then on nothing
of that file is for the holder, however they came in, and nothing of the account is for the person
of that file. Whatever leads from one to the other asks here.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from broker.insured.accounts.protected import Sealing, nir_of
from broker.insured.registry.lookup import former_nirs
from broker.insured.registry.packing import unpacked_nir
from broker.insured.registry.tables import PERSON

_NIR = select(PERSON.c.nir_number).where(PERSON.c.person_id == bindparam("person_id"))


def is_of_stranger(connection: Connection, sealing: Sealing, account: Any) -> bool:
    """
    Whether the number of this row (`person_id`, `nir_sealed`) names somebody else now.

    Somebody who is gone from the registry is no stranger: nothing can be read of nobody.
    """
    packed = connection.execute(_NIR, {"person_id": account.person_id}).scalar_one_or_none()
    nir = nir_of(sealing).open(account.nir_sealed)
    return differs(connection, account.person_id, packed, nir)


def differs(connection: Connection, person_id: int, packed: int | None, nir: str) -> bool:
    """The same where the NIR of the registry was read already; earlier ones are asked for."""
    if packed is None or unpacked_nir(packed) == nir:
        return False
    return nir not in former_nirs(connection, person_id)
