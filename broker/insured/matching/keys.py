"""
The keys by which the registry finds every record that could matter to a decision.

Contract with the look-up. The registry stores the four integers of `record_keys` beside each
record and keeps three B-tree indexes:

    surname_key, birthdate_key                 L1
    birthdate_key, place_key, given_key        L2
    surname_key, given_key, place_key          L3, read up to `NEAR_MISS_CAP` rows

For an identity it returns the union, each person once, of

    L1  surname_key = q.surname and birthdate_key in q.birthdates
    L2  given_key in q.given and birthdate_key in q.birthdates and place_key = q.place
    L3  surname_key = q.surname and given_key in q.given and place_key = q.place

always all three, whatever the first ones gave: the outcome must not show in the time. L1 alone
holds every record E or Q; L1 and L2 hold the whole guard zone, usage names and every near miss
but a wrong date, which L3 finds. L3 only informs the advisor, so a cap harms nobody.

The advisor's ranked search adds, off the login path, each read up to `DESK_CAP` rows:

    A1  surname_key = q.surname and given_key in q.given
    A2  surname_key = q.surname and place_key = q.place
    A3  birthdate_key in q.birthdates and place_key = q.place
    A4  birthdate_key in q.birthdates and given_key in q.given

A person written with two slips is in one of them, save where both slips fall on the surname and
the date. The indexes above serve all four: A3 and A4 read L2, A1 and A2 read L3.

Keys are 32-bit checksums: a collision returns a record too many, which the decision discards.
"""

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from broker.cog.places import place_class
from broker.insured.matching.normalise import k1
from broker.insured.matching.records import RegistryRecord
from providers.identity import PartialDate, PivotIdentity

NEAR_MISS_CAP = 16
DESK_CAP = 1000
# A compound first name sent in pieces has two or three; beyond eight words nothing is joined.
_JOINED_WORDS = 8
_SIGNED = 1 << 31
_PRESUMED_DAYS = frozenset(((1, 1), (12, 31)))


@dataclass(frozen=True, slots=True)
class RecordKeys:
    """What the registry stores beside a record: three signed 32-bit integers and YYYYMMDD."""

    surname: int
    given: int
    birthdate: int
    place: int


@dataclass(frozen=True, slots=True)
class QueryKeys:
    """What the look-up searches for: `given` lists at most 8 alternatives, `birthdates` 3."""

    surname: int
    given: tuple[int, ...]
    birthdates: tuple[int, ...]
    place: int


@lru_cache(maxsize=1 << 15)
def name_key(name: str) -> int:
    """The key of a surname, or of one first name."""
    return crc32(k1(name).encode()) - _SIGNED


@lru_cache(maxsize=1 << 15)
def place_key(birthplace: str | None, birthcountry: str) -> int:
    """The key of a place of birth: one for all codes that could be confused."""
    return crc32(place_class(birthplace or birthcountry).encode()) - _SIGNED


def date_key(birthdate: PartialDate) -> int:
    """The date as the number YYYYMMDD, zeros for what is unknown."""
    return birthdate.year * 10000 + birthdate.month * 100 + birthdate.day


def record_keys(record: RegistryRecord) -> RecordKeys:
    """The keys to store beside this record."""
    return RecordKeys(
        name_key(record.family_name),
        name_key("".join(record.given_names[:1])),
        date_key(record.birthdate),
        place_key(record.birthplace, record.birthcountry),
    )


def query_keys(identity: PivotIdentity) -> QueryKeys:
    """The keys to look up for this identity."""
    return QueryKeys(
        name_key(identity.family_name),
        tuple(name_key(name) for name in first_names(identity)),
        tuple(date_key(date) for date in possible_dates(identity.birthdate)),
        place_key(identity.birthplace, identity.birthcountry),
    )


def first_names(identity: PivotIdentity) -> tuple[str, ...]:
    """
    The first name that may head the record's list: the first token, and without an array also the
    first words taken together, for the provider may have split JEAN-PIERRE into JEAN PIERRE.
    """
    words = identity.given_names[: 1 if identity.tokens_given else _JOINED_WORDS]
    return tuple(" ".join(words[:count]) for count in range(1, len(words) + 1))


def possible_dates(sent: PartialDate) -> tuple[PartialDate, ...]:
    """The registry dates that a sent date may equal: itself, or one kept incomplete."""
    dates = [sent]
    if (sent.month, sent.day) in _PRESUMED_DAYS:
        dates.append(PartialDate(sent.year, 0, 0))
    if sent.day == 1:
        dates.append(PartialDate(sent.year, sent.month, 0))
    return tuple(dates)
