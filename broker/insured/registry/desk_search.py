"""
The advisor's search: who of the registry comes nearest to what a caller says of themselves.

Wider than the look-up of a login and off its path: up to DESK_CAP rows for each pair of traits
(`matching/keys.py`, A1 to A4). What it finds is ranked by the edits needed and shown with the
traits that differ; nothing found here ever links an account.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from broker.insured.matching.candidates import TOP, rank
from broker.insured.matching.keys import DESK_CAP
from broker.insured.matching.normalise import k0, k1
from broker.insured.matching.records import RegistryRecord
from broker.insured.matching.traits import Trait
from broker.insured.registry.lookup import COLUMNS, MANY_NAMES, ONE_NAME, Keyed, record, searched
from broker.insured.registry.sieve import SIFTED, Sieve
from broker.insured.registry.tables import FORMER
from providers.identity import FRANCE, Gender, PartialDate, PivotIdentity

SEARCHED = (Trait.FAMILY_NAME, Trait.GIVEN_NAMES, Trait.BIRTHDATE, Trait.BIRTHPLACE)
"""The traits by which a person can be searched, two at a time; the sex only ranks."""

# Stands where the caller said nothing; never compared.
_UNSAID = PivotIdentity("X", ("X",), PartialDate(1900, 1, 1), Gender.UNSPECIFIED, None, "99999")


class TooLittleAskedError(ValueError):
    """What was asked would find thousands of persons."""

    def __init__(self) -> None:
        super().__init__("two of birth name, first name, date and place of birth are needed")


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is known of the person; None, or no first name, for what is not.

    Two of birth name, first name, date and place are needed at least, and a first name and a place
    are not enough. `tokens_given` False when the first names are mere words, as people say them:
    JEAN PIERRE then also finds JEAN-PIERRE.
    """

    family_name: str | None = None
    given_names: tuple[str, ...] = ()
    birthdate: PartialDate | None = None
    gender: Gender | None = None
    birthplace: str | None = None
    birthcountry: str | None = None
    tokens_given: bool = False

    @classmethod
    def of(cls, identity: PivotIdentity) -> "Asked":
        """Everything a provider sent, as a case keeps it."""
        return cls(**{one.name: getattr(identity, one.name) for one in fields(cls)})

    @property
    def known(self) -> frozenset[Trait]:
        """The traits that were said."""
        said = {
            Trait.FAMILY_NAME: self.family_name,
            Trait.GIVEN_NAMES: self.given_names,
            Trait.BIRTHDATE: self.birthdate,
            Trait.GENDER: self.gender,
            Trait.BIRTHPLACE: self.birthplace or self.birthcountry,
        }
        return frozenset(trait for trait, value in said.items() if value)

    def identity(self) -> PivotIdentity:
        """The same as an identity, with a filling where nothing was said."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        if self.birthplace and not self.birthcountry:
            said["birthcountry"] = FRANCE
        return replace(_UNSAID, **{name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person near to what was asked, the traits that differ, and how far away in all."""

    record: RegistryRecord
    differing: tuple[Trait, ...]
    distance: int


_Search = tuple[frozenset[Trait], Select[Any]]


def _searches(keyed: Keyed) -> tuple[_Search, ...]:
    """What can be searched: the traits it needs, and the statement."""
    name, given, date, place = SEARCHED
    keys = {name: keyed.surname, given: keyed.given, date: keyed.dates, place: keyed.place}
    combined = (
        # The narrow ones come first and whole, that a cap on the wide ones loses nobody likely.
        (name, date),
        (given, date, place),
        (name, given, place),
        (name, given),
        (name, place),
        (date, place),
        (date, given),
    )
    return tuple(
        (
            frozenset(traits),
            select(*SIFTED).where(*map(keys.__getitem__, traits)).limit(DESK_CAP),
        )
        for traits in combined
    )


_SEARCHES = {keyed: _searches(keyed) for keyed in (ONE_NAME, MANY_NAMES)}
_IS_NAME = FORMER.c.kind == "family_name"
_BEARERS = (
    select(FORMER.c.person_id)
    .where(_IS_NAME, FORMER.c.value.in_(bindparam("names", expanding=True)))
    .limit(DESK_CAP)
)
_FORMER_NAMES = select(FORMER.c.person_id, FORMER.c.value).where(
    _IS_NAME, FORMER.c.person_id.in_(bindparam("numbers", expanding=True))
)


def candidates(connection: Connection, asked: Asked, top: int = TOP) -> list[Ranked]:
    """
    The `top` persons nearest to what was asked, nearest first.

    MalformedTraitError for a trait that nobody can bear, TooLittleAskedError for too few of them.
    """
    identity, known = asked.identity(), asked.known
    rows = _found(connection, identity, known)
    bearers = _bearers(connection, identity, rows)
    sieve = Sieve(identity, known)
    nearest = {row[0]: record(row[: len(COLUMNS)]) for row in sieve.nearest(rows.values(), bearers)}
    _add_former_names(connection, nearest)
    ranked = rank(identity, nearest.values(), top, known)
    return [Ranked(nearest[one.person_id], one.differing, one.distance) for one in ranked]


def _found(
    connection: Connection, identity: PivotIdentity, known: frozenset[Trait]
) -> dict[int, Any]:
    keyed, parameters = searched(identity)
    possible = [statement for traits, statement in _SEARCHES[keyed] if traits <= known]
    if not possible:
        raise TooLittleAskedError
    rows: dict[int, Any] = {}
    for statement in possible:
        rows |= {row[0]: row for row in connection.execute(statement, parameters)}
    return rows


def _bearers(
    connection: Connection, identity: PivotIdentity, rows: dict[int, Any]
) -> frozenset[int]:
    """Who of them once bore the birth name that was asked, as files write it."""
    name = identity.family_name
    spellings = [name, name.upper(), k0(name), k1(name)]
    found = connection.execute(_BEARERS, {"names": spellings}).scalars()
    return frozenset(number for number in found if number in rows)


def _add_former_names(connection: Connection, found: dict[int, RegistryRecord]) -> None:
    former: dict[int, tuple[str, ...]] = {}
    for number, name in connection.execute(_FORMER_NAMES, {"numbers": list(found)}):
        former[number] = (*former.get(number, ()), name)
    for number, names in former.items():
        found[number] = found[number]._replace(former_names=names)
