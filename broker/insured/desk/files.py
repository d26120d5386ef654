"""The file of one person, as an advisor reads it within a consultation."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text, union_all

from broker.insured.accounts.own import is_of_stranger
from broker.insured.accounts.protected import email_of, phone_of
from broker.insured.contact import masked_email, masked_mobile
from broker.insured.desk.consultations import history
from broker.insured.desk.ground import Ground
from broker.insured.desk.persons import known, rights, traits
from broker.insured.desk.standing import lock_of
from broker.insured.desk.tables import POST_CODE
from broker.insured.registry.lookup import by_id
from broker.insured.schema import ACCOUNT, ENDED, LINK, STANDING

_A = ACCOUNT.c
_OF_PERSON = _A.person_id == bindparam("person")
# Each half has a partial index of its own.
_ACCOUNTS = union_all(
    select(ACCOUNT).where(_OF_PERSON, text(STANDING)),
    select(ACCOUNT).where(_OF_PERSON, text(ENDED)),
).order_by(text("created_at DESC"))
_LINKS = (
    select(LINK.c.provider, LINK.c.linked_at, LINK.c.match, LINK.c.used_at)
    .where(LINK.c.account_id == bindparam("account"))
    .order_by(LINK.c.linked_at, LINK.c.id)
)
_CODE = (
    select(POST_CODE.c.status, POST_CODE.c.posted_at, POST_CODE.c.expires_at)
    .where(POST_CODE.c.account_id == bindparam("account"))
    .order_by(POST_CODE.c.id.desc())
    .limit(1)
)


def read_file(connection: Connection, ground: Ground, person_id: int) -> dict[str, Any] | None:
    """Everything an advisor may see of a person; None when the registry has no such person."""
    record = by_id(connection, person_id)
    if record is None:
        return None
    accounts = accounts_of(connection, ground, person_id)
    return {
        "holder": traits(record),
        "rights": rights(connection, record),
        "known": known(connection, person_id),
        "accounts": [_account(connection, ground, row) for row in accounts],
        "history": history(connection, ground.sealing, person_id),
    }


def accounts_of(
    connection: Connection, ground: Ground, person_id: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """
    The accounts of a person, standing and ended, the latest first.

    One whose number named somebody else before is that person's, and not shown.
    """
    rows = connection.execute(_ACCOUNTS, {"person": person_id}).all()
    return [row for row in rows if not is_of_stranger(connection, ground.sealing, row)]


def _account(connection: Connection, ground: Ground, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    sealing = ground.sealing
    email = row.email_sealed and masked_email(email_of(sealing).open(row.email_sealed))
    mobile = row.phone_sealed and masked_mobile(phone_of(sealing).open(row.phone_sealed))
    links = connection.execute(_LINKS, {"account": row.id}).mappings()
    code = connection.execute(_CODE, {"account": row.id}).mappings().one_or_none()
    return {
        "status": row.status,
        "lock": lock_of(connection, ground, row),
        "origin": row.origin,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
        "email_masked": email,
        "mobile_masked": mobile,
        "links": [dict(link) for link in links],
        "post_code": dict(code) if code else None,
    }
