"""
Whose care is shown in an account: the holder's, and that of the children attached to them.

A child under 16 has no account; what was paid for care given before the 16th birthday is shown to
the parent of attachment, and stays there, so that a month that was read does not change.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select

from broker.insured.matching.decision import ACCOUNT_AGE
from broker.insured.registry.packing import BAR, unpacked_date
from broker.insured.registry.tables import PERSON
from broker.insured.space.days import years_after
from broker.insured.written import as_written

_P = PERSON.c
_COLUMNS = (_P.person_id, _P.parent_id, _P.given_names, _P.family_name, _P.birthdate)
# Two look-ups by index; joined by OR, some engines would read the whole registry.
_OWN = select(*_COLUMNS).where(_P.person_id == bindparam("person"))
_CHILDREN = (
    select(*_COLUMNS)
    .where(_P.parent_id == bindparam("person"))
    .order_by(_P.birthdate, _P.person_id)
)


@dataclass(frozen=True, slots=True)
class Member:
    """
    One person of a household. `place` is their number in it, 0 for the holder; `adult_on` the
    16th birthday, the latest possible one of a partial date of birth.
    """

    place: int
    person_id: int
    given_name: str
    family_name: str
    birthdate: str
    adult_on: date

    @property
    def holder(self) -> bool:
        """Whether this is the holder of the account."""
        return self.place == 0

    def minor(self, on: date) -> bool:
        """Whether this person may not have an account yet."""
        return on < self.adult_on

    def shown(self) -> dict[str, Any]:
        """As the portal may know them."""
        return {"place": self.place, "name": self.given_name, "holder": self.holder}


def household(connection: Connection, person_id: int) -> list[Member]:
    """
    The holder, then the children attached to them, the eldest first.

    A holder whose record is gone has no name.
    """
    keys = {"person": person_id}
    own = connection.execute(_OWN, keys).one_or_none()
    holder = _member(0, own) if own else Member(0, person_id, "", "", "", date.min)
    children = connection.execute(_CHILDREN, keys)
    return [holder, *(_member(place, row) for place, row in enumerate(children, 1))]


def theirs(members: list[Member], person: Any, care_on: Any) -> ColumnElement[bool]:
    """The condition under which care (columns `person` and `care_on`) is shown to the holder."""
    return or_(
        *(
            person == one.person_id
            if one.holder
            else and_(person == one.person_id, care_on < one.adult_on)
            for one in members
        )
    )


def _member(place: int, row: Any) -> Member:
    born = unpacked_date(row.birthdate)
    return Member(
        place=place,
        person_id=row.person_id,
        given_name=as_written(row.given_names.split(BAR)[0]),
        family_name=row.family_name,
        birthdate=str(born),
        adult_on=years_after(born.latest(), ACCOUNT_AGE),
    )
