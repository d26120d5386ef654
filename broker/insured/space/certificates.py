"""
Certificates of rights (S3, S11, S14, S153): what is printed on one, and whether one is genuine.

One certificate a day and account, with a random code. Whoever holds the paper may check the code
in public, and learns whether it counts and the initials of its holder, nothing else.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from broker.errors import CertificateUnknownError, RightsClosedError
from broker.insured.accounts.own import is_of_stranger
from broker.insured.matching.records import RegistryRecord
from broker.insured.registry.lookup import by_id, fund_of
from broker.insured.schema import ACCOUNT
from broker.insured.space.days import years_after
from broker.insured.space.household import household
from broker.insured.space.place import Space, Tenant
from broker.insured.space.sealed import CERTIFICATE as PURPOSE
from broker.insured.space.sealed import opened, seal
from broker.insured.space.tables import CERTIFICATE
from broker.insured.written import all_written
from broker.sealing import digest

VALID_YEARS = 1
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O nor 1/I/L: it is copied from paper
_LENGTH, _GROUP = 12, 4

_C = CERTIFICATE.c
_TODAY = select(_C.sealed).where(
    _C.account_id == bindparam("account"), _C.issued_on == bindparam("on")
)
_BY_CODE = (
    select(_C.person_id, _C.issued_on, _C.valid_until, ACCOUNT.c.nir_sealed)
    .select_from(CERTIFICATE.join(ACCOUNT, ACCOUNT.c.id == _C.account_id))
    .where(_C.code == bindparam("code"))
)
_INSERT = insert(CERTIFICATE)


def issue(tx: Connection, space: Space, tenant: Tenant) -> dict[str, Any]:
    """What today's certificate says; RightsClosedError when there is nothing to certify."""
    record = by_id(tx, tenant.person_id)
    if record is None or not record.rights_open:
        raise RightsClosedError
    today = space.today
    sealed = tx.execute(_TODAY, {"account": tenant.account_id, "on": today}).scalar_one_or_none()
    code = opened(space.sealing, sealed, PURPOSE) if sealed else _new(tx, space, tenant)
    children = household(tx, tenant.person_id)[1:]
    return {
        "code": code,
        "issued_on": today.isoformat(),
        "valid_until": years_after(today, VALID_YEARS).isoformat(),
        "holder": {
            "family_name": record.family_name,
            "usage_name": record.usage_name,
            "given_names": all_written(record.given_names),
            "birthdate": str(record.birthdate),
        },
        "nir": record.nir,
        "scheme": record.scheme,
        "fund": fund_of(tx, tenant.person_id),
        "children": [
            {"name": f"{one.given_name} {one.family_name}", "birthdate": one.birthdate}
            for one in children
            if one.minor(today)
        ],
    }


def verify(connection: Connection, space: Space, code: str) -> dict[str, Any]:
    """Whether a certificate counts today, and whose initials it bears; CertificateUnknownError."""
    row = connection.execute(_BY_CODE, {"code": _hashed(code)}).one_or_none()
    if row is None:
        raise CertificateUnknownError
    stranger = is_of_stranger(connection, space.sealing, row)
    record = None if stranger else by_id(connection, row.person_id)
    valid = record is not None and record.rights_open and space.today <= row.valid_until
    return {
        "valid": valid,
        "initials": _initials(record) if record else "",
        "issued_on": row.issued_on.isoformat(),
        "valid_until": row.valid_until.isoformat(),
    }


def _new(tx: Connection, space: Space, tenant: Tenant) -> str:
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in space.random(_LENGTH))
    code = "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))
    row = {
        "code": _hashed(code),
        "person_id": tenant.person_id,
        "account_id": tenant.account_id,
        "sealed": seal(space.sealing, code, PURPOSE),
        "issued_on": space.today,
        "valid_until": years_after(space.today, VALID_YEARS),
    }
    tx.execute(_INSERT, row)
    return code


def _hashed(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return digest("certificate", plain)


def _initials(record: RegistryRecord) -> str:
    return f"{record.given_names[0][:1]}. {record.family_name[:1]}."
