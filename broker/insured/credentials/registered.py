"""What is read before a classic step: the file of a NIR, and the standing account of a NIR."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, union_all

from broker.insured.accounts.own import differs
from broker.insured.accounts.protected import Sealing, email_of, nir_of, phone_of
from broker.insured.matching.records import RegistryRecord
from broker.insured.registry.lookup import COLUMNS, record
from broker.insured.registry.packing import packed_nir, unpacked_date, unpacked_mobile
from broker.insured.registry.tables import PERSON
from broker.insured.schema import ACCOUNT, CREDENTIAL, STANDING

_A, _P = ACCOUNT.c, PERSON.c
_OF_NUMBER = _P.nir_number == bindparam("number")
_FILE = select(*COLUMNS, _P.postal_code, _P.iban, _P.iban_since, _P.mobile).where(_OF_NUMBER)
_ACCOUNT = (
    select(
        _A.id,
        _A.person_id,
        _A.status,
        _A.origin,
        _A.nir_sealed,
        _A.nir_index,
        _A.email_sealed,
        _A.email_index,
        _A.phone_sealed,
        CREDENTIAL.c.password_hash,
        CREDENTIAL.c.language,
        _P.nir_number,
    )
    .select_from(
        ACCOUNT.outerjoin(CREDENTIAL, CREDENTIAL.c.account_id == _A.id).outerjoin(
            PERSON, _P.person_id == _A.person_id
        )
    )
    .where(text(STANDING))
)
# Of its own: the person joined to the account is another one.
_PERSON = select(_P.person_id).where(_OF_NUMBER).correlate(None).scalar_subquery()
_BY_NIR = union_all(
    _ACCOUNT.where(_A.person_id == _PERSON),
    _ACCOUNT.where(_A.nir_index.in_(bindparam("nir_indexes", expanding=True))),
)
_BY_ID = _ACCOUNT.where(_A.id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class OnFile:
    """One person as the form is compared with: the record, and what only the form knows."""

    record: RegistryRecord
    postal_code: int | None
    iban: bytes | None = field(repr=False)
    iban_since: date | None
    mobile: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Holder:
    """
    A standing account; None is not known. `nir` in 15 characters, `language` of its mails;
    `stranger` when the registry's number of this account names somebody else now.
    """

    id: int
    person_id: int
    status: str
    origin: str
    nir: str = field(repr=False)
    nir_index: str = field(repr=False)
    email: str | None = field(repr=False)
    email_index: str | None = field(repr=False)
    mobile: str | None = field(repr=False)
    password_hash: str | None = field(repr=False)
    language: str
    stranger: bool


def on_file(connection: Connection, nir: str) -> OnFile | None:
    """The file of this NIR (15 characters) in the registry, or None."""
    row = connection.execute(_FILE, {"number": packed_nir(nir)}).one_or_none()
    if row is None:
        return None
    since = unpacked_date(row.iban_since).latest() if row.iban_since else None
    iban = bytes(row.iban) if row.iban is not None else None
    mobile = unpacked_mobile(row.mobile)
    return OnFile(record(row[: len(COLUMNS)]), row.postal_code, iban, since, mobile)


def holders(connection: Connection, sealing: Sealing, nir: str) -> list[Holder]:
    """
    The standing accounts of whoever bears this NIR, the registry's person first.

    Two when a number was corrected and belongs to somebody else now.
    """
    keys = {"number": packed_nir(nir), "nir_indexes": nir_of(sealing).indexes(nir)}
    rows = connection.execute(_BY_NIR, keys).all()
    return [_holder(connection, sealing, row) for row in {row.id: row for row in rows}.values()]


def holder_of(connection: Connection, sealing: Sealing, nir: str) -> Holder | None:
    """The first of them, which this NIR opens; None when it is the account of somebody else."""
    first = next(iter(holders(connection, sealing, nir)), None)
    return None if first and first.stranger else first


def holder(connection: Connection, sealing: Sealing, account_id: int) -> Holder | None:
    """The standing account of this row number, or None, also when its number names another."""
    row = connection.execute(_BY_ID, {"wanted": account_id}).one_or_none()
    found = _holder(connection, sealing, row) if row else None
    return None if found and found.stranger else found


def _holder(connection: Connection, sealing: Sealing, values: Any) -> Holder:
    email, phone = values.email_sealed, values.phone_sealed
    nir = nir_of(sealing).open(values.nir_sealed)
    return Holder(
        id=values.id,
        person_id=values.person_id,
        status=values.status,
        origin=values.origin,
        nir=nir,
        nir_index=values.nir_index,
        email=email_of(sealing).open(email) if email is not None else None,
        email_index=values.email_index,
        mobile=phone_of(sealing).open(phone) if phone is not None else None,
        password_hash=values.password_hash,
        language=values.language or "fr",
        stranger=differs(connection, values.person_id, values.nir_number, nir),
    )
