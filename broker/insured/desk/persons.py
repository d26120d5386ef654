"""A person of the registry as the desk shows one: enough to be sure who calls, the rest masked."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from broker.cog.names import place_label
from broker.insured.contact import masked_email, masked_mobile
from broker.insured.matching.nir import masked, parse
from broker.insured.matching.records import RegistryRecord
from broker.insured.registry.iban import shown
from broker.insured.registry.lookup import fund_of
from broker.insured.registry.packing import unpacked_date, unpacked_mobile
from broker.insured.registry.tables import FORMER, PERSON
from broker.insured.written import all_written

_P = PERSON.c
_MORE = select(_P.postal_code, _P.iban, _P.iban_since, _P.email, _P.mobile).where(
    _P.person_id == bindparam("wanted")
)
_BY_FORMER_NIR = select(FORMER.c.person_id).where(
    FORMER.c.value == bindparam("nir"), FORMER.c.kind == "nir"
)


def traits(record: RegistryRecord) -> dict[str, Any]:
    """Who it is: names, birth, sex, the masked number."""
    return {
        "person": record.person_id,
        "family_name": record.family_name,
        "usage_name": record.usage_name,
        "former_names": list(record.former_names),
        "given_names": all_written(record.given_names),
        "birthdate": str(record.birthdate),
        "gender": str(record.gender),
        "birthplace": record.birthplace or record.birthcountry,
        "birthplace_name": place_label(record.birthplace, record.birthcountry),
        "nir_masked": masked(parse(record.nir)),
    }


def rights(connection: Connection, record: RegistryRecord) -> dict[str, Any]:
    """What the person is entitled to."""
    return {
        "open": record.rights_open,
        "scheme": record.scheme,
        "fund": fund_of(connection, record.person_id),
        "deceased": record.deceased,
    }


def known(connection: Connection, person_id: int) -> dict[str, Any]:
    """How the insurer reaches and pays the person, masked."""
    row = connection.execute(_MORE, {"wanted": person_id}).one()
    mobile = unpacked_mobile(row.mobile)
    return {
        "postal_code": None if row.postal_code is None else f"{row.postal_code:05d}",
        "email_masked": masked_email(row.email) if row.email else None,
        "mobile_masked": masked_mobile(mobile) if mobile else None,
        "iban_masked": f"•••• {shown(row.iban)}" if row.iban else None,
        "iban_since": str(unpacked_date(row.iban_since)) if row.iban_since else None,
    }


def by_former_nir(connection: Connection, nir: str) -> list[int]:
    """The numbers of the persons who once had this NIR (15 characters)."""
    return list(connection.execute(_BY_FORMER_NIR, {"nir": nir}).scalars())
