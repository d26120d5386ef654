"""What is read of accounts and links before a login is settled; statements built once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select, text, union_all

from broker.insured.accounts.protected import Protected
from broker.insured.schema import ACCOUNT, CREDENTIAL, LINK, REFERENCE, STANDING

_A, _L, _R = ACCOUNT.c, LINK.c, REFERENCE.c


class MovedError(RuntimeError):
    """An account is no longer what was read: read again."""


@dataclass(frozen=True, slots=True)
class AccountState:
    """
    A standing account. `persons` are the broker's persons it is linked to, empty for a classic
    account; `reference` its opaque name for the asking sector, None until one is given;
    `has_password` is read before a link is made, not when one is followed.
    """

    id: int
    person_id: int
    status: str
    nir: str = field(repr=False)
    has_email: bool
    reference: str | None
    persons: frozenset[str]
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class LinkState:
    """The link of one upstream (issuer, subject); `used_at` Unix seconds."""

    id: int
    person: str
    match: str
    used_at: float


_STATE = (
    _A.id,
    _A.person_id,
    _A.status,
    _A.nir_sealed,
    _A.email_index.is_not(None).label("has_email"),
    _R.reference,
)
_REFERENCED = and_(_R.account_id == _A.id, _R.sector == bindparam("sector"))
_FOLLOWED = (
    select(
        *_STATE,
        _L.person,
        _L.id.label("link_id"),
        _L.match,
        _L.used_at,
    )
    .select_from(LINK.join(ACCOUNT, _L.account_id == _A.id).outerjoin(REFERENCE, _REFERENCED))
    .where(_L.issuer == bindparam("issuer"), _L.subject == bindparam("subject"), text(STANDING))
)


def _standing(*conditions: Any) -> Any:
    whole = ACCOUNT.outerjoin(REFERENCE, _REFERENCED).outerjoin(LINK, _L.account_id == _A.id)
    password = select(CREDENTIAL.c.account_id).where(CREDENTIAL.c.account_id == _A.id)
    state = (*_STATE, password.exists().label("has_password"))
    return select(*state, _L.person).select_from(whole).where(text(STANDING), *conditions)


_HELD = select(_L.account_id).where(_L.person == bindparam("person"))
_CONCERNED = union_all(
    _standing(_A.person_id == bindparam("person_id")),
    _standing(_A.nir_index.in_(bindparam("nir_indexes", expanding=True))),
    _standing(_A.id.in_(_HELD)),
)
_BY_REFERENCE = (
    select(_A.id)
    .select_from(ACCOUNT.join(REFERENCE, _R.account_id == _A.id))
    .where(_R.reference == bindparam("reference"), text(STANDING))
)
_EMAIL_USED = select(_A.id).where(
    text(STANDING), _A.email_index.in_(bindparam("indexes", expanding=True))
)


def followed(
    connection: Connection, nirs: Protected, keys: dict[str, str]
) -> tuple[LinkState, AccountState] | None:
    """The link of this upstream (`issuer`, `subject`) with its account, when there is one."""
    row = connection.execute(_FOLLOWED, keys).one_or_none()
    if row is None:
        return None
    link = LinkState(row.link_id, row.person, row.match, row.used_at)
    return link, _state(row, {row.person}, nirs)


def concerned(connection: Connection, nirs: Protected, keys: dict[str, Any]) -> list[AccountState]:
    """
    The standing accounts of an insured person (`person_id`), of a NIR (`nir_indexes`) or of a
    person of the broker (`person`), named for `sector`.
    """
    rows = connection.execute(_CONCERNED, keys).all()
    persons: dict[int, set[str]] = {row.id: set() for row in rows}
    for row in rows:
        if row.person is not None:
            persons[row.id].add(row.person)
    unique = {row.id: row for row in rows}.values()
    return [
        replace(_state(row, persons[row.id], nirs), has_password=bool(row.has_password))
        for row in unique
    ]


def account_of(connection: Connection, reference: str) -> int | None:
    """The standing account that this reference names, whichever sector received it."""
    found = connection.execute(_BY_REFERENCE, {"reference": reference}).scalar()
    return None if found is None else int(found)


def email_used(connection: Connection, indexes: Collection[str]) -> bool:
    """Whether a standing account already has this e-mail (`email_indexes`)."""
    if not indexes:
        return False
    return connection.execute(_EMAIL_USED, {"indexes": indexes}).first() is not None


def _state(row: Row[*tuple[Any, ...]], persons: Iterable[str], nirs: Protected) -> AccountState:
    return AccountState(
        id=row.id,
        person_id=row.person_id,
        status=row.status,
        nir=nirs.open(row.nir_sealed),
        has_email=bool(row.has_email),
        reference=row.reference,
        persons=frozenset(persons),
    )
