"""
Finds persons of the registry by key, by number or by NIR: index look-ups only, statements built
once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, union_all

from broker.insured.contact import KnownContact
from broker.insured.matching.keys import DESK_CAP, NEAR_MISS_CAP, QueryKeys, query_keys
from broker.insured.matching.records import RegistryRecord
from broker.insured.registry.packing import (
    BAR,
    DECEASED,
    PRESUMED,
    RIGHTS_OPEN,
    SCHEMES,
    gender,
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


class _Keyed:
    """The two searches by key, for identities whose first name may be read in `names` ways."""

    def __init__(self, names: int) -> None:
        self.names = names
        surname, place = _P.surname_key == bindparam("surname"), _P.place_key == bindparam("place")
        dates = _one_of(_P.birthdate, "date", _DATES)
        given = _one_of(_P.given_key, "given", names)
        near = _capped(NEAR_MISS_CAP, surname, given, place)
        near_enough = (
            select(*COLUMNS).where(surname, dates),
            select(*COLUMNS).where(given, dates, place),
            near,
        )
        self.login = union_all(*near_enough)
        pairs = ((surname, given), (surname, place), (dates, place), (dates, given))
        self.desk = union_all(*near_enough, *(_capped(DESK_CAP, *pair) for pair in pairs))

    def parameters(self, keys: QueryKeys) -> dict[str, int]:
        """The keys of one identity, as this search wants them."""
        values = {"surname": keys.surname, "place": keys.place}
        for slot in range(_DATES):
            values[f"date{slot}"] = keys.birthdates[min(slot, len(keys.birthdates) - 1)]
        for slot in range(self.names):
            values[f"given{slot}"] = keys.given[min(slot, len(keys.given) - 1)]
        return values


def _capped(rows: int, *conditions: Any) -> Any:
    return select(*select(*COLUMNS).where(*conditions).limit(rows).subquery().c)


_ONE_NAME, _MANY_NAMES = _Keyed(1), _Keyed(_NAMES)
_BY_ID: Select[Any] = select(*COLUMNS).where(_P.person_id == bindparam("person_id"))
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
    keys, keyed = _searched(identity)
    return _records(connection.execute(keyed.login, keyed.parameters(keys)))


def nearby(connection: Connection, identity: PivotIdentity) -> list[RegistryRecord]:
    """More records, for an advisor to choose from; off the login path, and up to DESK_CAP a key."""
    keys, keyed = _searched(identity)
    return _records(connection.execute(keyed.desk, keyed.parameters(keys)))


def _searched(identity: PivotIdentity) -> tuple[QueryKeys, _Keyed]:
    keys = query_keys(identity)
    return keys, _ONE_NAME if len(keys.given) == 1 else _MANY_NAMES


def _records(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[RegistryRecord]:
    return [record(row) for row in {row[0]: row for row in rows}.values()]


def by_id(connection: Connection, person_id: int) -> RegistryRecord | None:
    """The person with this number, or None."""
    row = connection.execute(_BY_ID, {"person_id": person_id}).one_or_none()
    return record(row) if row else None


def former_nirs(connection: Connection, person_id: int) -> frozenset[str]:
    """The numbers this person had before."""
    return frozenset(connection.execute(_FORMER_NIRS, {"person_id": person_id}).scalars())


def known_contact(connection: Connection, person_id: int) -> KnownContact:
    """How the insurer reaches this person; nothing when it does not know."""
    row = connection.execute(_CONTACT, {"person_id": person_id}).one_or_none()
    return KnownContact(row.email, unpacked_mobile(row.mobile)) if row else KnownContact(None, None)


def fund_of(connection: Connection, person_id: int) -> str | None:
    """The name of the fund this person depends on."""
    name: str | None = connection.execute(_FUND, {"person_id": person_id}).scalar_one_or_none()
    return name or None


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
