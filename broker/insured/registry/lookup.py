"""
Finds persons of the registry by key, by number or by NIR: index look-ups only, statements built
once.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, union_all

from broker.insured.contact import KnownContact
from broker.insured.funds import fund_name
from broker.insured.matching.keys import NEAR_MISS_CAP, QueryKeys, query_keys
from broker.insured.matching.records import RegistryRecord
from broker.insured.registry.packing import (
    BAR,
    DECEASED,
    PRESUMED,
    RIGHTS_OPEN,
    SCHEMES,
    gender,
    packed_nir,
    unpacked_date,
    unpacked_mobile,
    unpacked_nir,
    unpacked_place,
)
from broker.insured.registry.tables import FORMER, LABEL, PERSON
from providers.identity import PivotIdentity

_P = PERSON.c
COLUMNS = (
    _P.person_id,
    _P.family_name,
    _P.given_names,
    _P.usage_name,
    _P.birthdate,
    _P.sex,
    _P.birthplace,
    _P.nir_number,
    _P.flags,
    _P.scheme,
)
"""What matching compares, in the order `record` reads it."""

_DATES, _NAMES = 3, 8


def _one_of(column: Any, name: str, slots: int) -> Any:
    # A fixed number of slots (the last value fills the rest) keeps the statement compiled once.
    return column.in_([bindparam(f"{name}{slot}") for slot in range(slots)])


class Keyed:
    """The search by key, for identities whose first name may be read in `names` ways."""

    def __init__(self, names: int) -> None:
        self.names = names
        self.surname = _P.surname_key == bindparam("surname")
        self.place = _P.place_key == bindparam("place")
        self.dates = _one_of(_P.birthdate, "date", _DATES)
        self.given = _one_of(_P.given_key, "given", names)
        near = select(*COLUMNS).where(self.surname, self.given, self.place).limit(NEAR_MISS_CAP)
        self.login = union_all(
            select(*COLUMNS).where(self.surname, self.dates),
            select(*COLUMNS).where(self.given, self.dates, self.place),
            select(*near.subquery().c),
        )

    def parameters(self, keys: QueryKeys) -> dict[str, int]:
        """The keys of one identity, as this search wants them."""
        values = {"surname": keys.surname, "place": keys.place}
        for slot in range(_DATES):
            values[f"date{slot}"] = keys.birthdates[min(slot, len(keys.birthdates) - 1)]
        for slot in range(self.names):
            values[f"given{slot}"] = keys.given[min(slot, len(keys.given) - 1)]
        return values


ONE_NAME, MANY_NAMES = Keyed(1), Keyed(_NAMES)
_BY_ID: Select[Any] = select(*COLUMNS).where(_P.person_id == bindparam("person_id"))
_BY_NIR: Select[Any] = select(*COLUMNS).where(_P.nir_number == bindparam("number"))
_CONTACT = select(_P.email, _P.mobile).where(_P.person_id == bindparam("person_id"))
_FUND = (
    select(LABEL.c.text)
    .select_from(PERSON.join(LABEL, LABEL.c.id == _P.fund))
    .where(_P.person_id == bindparam("person_id"))
)
_FORMER_NIRS = select(FORMER.c.value).where(
    FORMER.c.person_id == bindparam("person_id"), FORMER.c.kind == "nir"
)


def candidates(connection: Connection, identity: PivotIdentity) -> list[RegistryRecord]:
    """Every record that could matter to the decision on `identity`, each person once."""
    keyed, parameters = searched(identity)
    rows = connection.execute(keyed.login, parameters)
    return [record(row) for row in {row[0]: row for row in rows}.values()]


def searched(identity: PivotIdentity) -> tuple[Keyed, dict[str, int]]:
    """The search that suits this identity, and its parameters."""
    keys = query_keys(identity)
    keyed = ONE_NAME if len(keys.given) == 1 else MANY_NAMES
    return keyed, keyed.parameters(keys)


def by_id(connection: Connection, person_id: int) -> RegistryRecord | None:
    """The person with this number, or None."""
    row = connection.execute(_BY_ID, {"person_id": person_id}).one_or_none()
    return record(row) if row else None


def by_nir(connection: Connection, nir: str) -> RegistryRecord | None:
    """The person of this NIR (13 or 15 characters as `nir.validated` gives them), or None."""
    row = connection.execute(_BY_NIR, {"number": packed_nir(nir)}).one_or_none()
    return record(row) if row else None


def former_nirs(connection: Connection, person_id: int) -> frozenset[str]:
    """The numbers this person had before."""
    return frozenset(connection.execute(_FORMER_NIRS, {"person_id": person_id}).scalars())


def known_contact(connection: Connection, person_id: int) -> KnownContact:
    """How the insurer reaches this person; nothing when it does not know."""
    row = connection.execute(_CONTACT, {"person_id": person_id}).one_or_none()
    return KnownContact(row.email, unpacked_mobile(row.mobile)) if row else KnownContact(None, None)


def fund_of(connection: Connection, person_id: int) -> str | None:
    """The name of the fund this person depends on, as people call it."""
    label: str | None = connection.execute(_FUND, {"person_id": person_id}).scalar_one_or_none()
    return fund_name(label) if label else None


def record(row: Sequence[Any]) -> RegistryRecord:
    """A row of COLUMNS as matching compares it."""
    number, family_name, given_names, usage_name, date, sex, place, nir, flags, scheme = row
    birthplace, birthcountry = unpacked_place(place)
    return RegistryRecord(
        person_id=number,
        family_name=family_name,
        given_names=tuple(given_names.split(BAR)),
        birthdate=unpacked_date(date),
        gender=gender(sex),
        birthplace=birthplace,
        birthcountry=birthcountry,
        usage_name=usage_name,
        presumed=bool(flags & PRESUMED),
        nir=unpacked_nir(nir),
        deceased=bool(flags & DECEASED),
        rights_open=bool(flags & RIGHTS_OPEN) and scheme == 0,
        scheme=SCHEMES[scheme],
    )
