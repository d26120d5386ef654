"""What the portal may read of an account over the back channel."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, select

from broker.database import reading
from broker.insured.accounts.own import is_of_stranger
from broker.insured.accounts.protected import Sealing, email_of, nir_of, phone_of
from broker.insured.contact import masked_email, masked_mobile
from broker.insured.matching.nir import masked, parse
from broker.insured.registry.lookup import by_id, fund_of
from broker.insured.schema import ACCOUNT, LINK, REFERENCE
from broker.insured.written import all_written

_A, _R = ACCOUNT.c, REFERENCE.c
_ACCOUNT = (
    select(
        _A.id,
        _A.person_id,
        _A.status,
        _A.created_at,
        _A.nir_sealed,
        _A.email_sealed,
        _A.phone_sealed,
    )
    .select_from(ACCOUNT.join(REFERENCE, _R.account_id == _A.id))
    .where(_R.reference == bindparam("reference"), _R.sector == bindparam("sector"))
)
_LINKS = (
    select(LINK.c.provider, LINK.c.linked_at, LINK.c.match)
    .where(LINK.c.account_id == bindparam("account_id"))
    .order_by(LINK.c.linked_at, LINK.c.id)
)


def account(engine: Engine, sealing: Sealing, reference: str, sector: str) -> dict[str, Any] | None:
    """
    The summary of the account with this reference in this sector, or None; None as well when the
    registry's number names somebody else now.

    Numbers and addresses are masked; `status` other than active tells the portal to close the
    session; the holder's names are those of the registry, None when the record is gone.
    """
    with reading(engine) as connection:
        keys = {"reference": reference, "sector": sector}
        row = connection.execute(_ACCOUNT, keys).one_or_none()
        if row is None or is_of_stranger(connection, sealing, row):
            return None
        return {
            "account_id": reference,
            "status": row.status,
            "created_at": _iso(row.created_at),
            **_person(connection, row.person_id),
            "nir_masked": masked(parse(nir_of(sealing).open(row.nir_sealed))),
            "links": _links(connection, row.id),
            "contact": _contact(sealing, row),
        }


def is_active(connection: Connection, sealing: Sealing, reference: str, sector: str) -> bool:
    """Whether this account may be used now."""
    keys = {"reference": reference, "sector": sector}
    row = connection.execute(_ACCOUNT, keys).one_or_none()
    active = row is not None and row.status == "active"
    return active and not is_of_stranger(connection, sealing, row)


def _person(connection: Connection, person_id: int) -> dict[str, Any]:
    record = by_id(connection, person_id)
    if record is None:
        return {"holder": None, "rights": {"open": False, "scheme": None, "fund": None}}
    return {
        "holder": {
            "family_name": record.family_name,
            "usage_name": record.usage_name,
            "given_names": all_written(record.given_names),
            "birthdate": str(record.birthdate),
        },
        "rights": {
            "open": record.rights_open,
            "scheme": record.scheme,
            "fund": fund_of(connection, person_id),
        },
    }


def _links(connection: Connection, account_id: int) -> list[dict[str, str]]:
    rows = connection.execute(_LINKS, {"account_id": account_id})
    return [
        {"provider": row.provider, "linked_at": _iso(row.linked_at), "match": row.match}
        for row in rows
    ]


def _contact(sealing: Sealing, row: Row[*tuple[Any, ...]]) -> dict[str, str | None]:
    email = row.email_sealed and masked_email(email_of(sealing).open(row.email_sealed))
    mobile = row.phone_sealed and masked_mobile(phone_of(sealing).open(row.phone_sealed))
    return {"email_masked": email, "mobile_masked": mobile}


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
