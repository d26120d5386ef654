"""
Whole columns of numbers, dates and letters: their values, and which fields ask for a closer look.

A field that is read here is right; one that is not may be either (a NIR of Corsica, the 29th of
February): only what most lines have is worth an operation on all of them.
"""

import numpy as np

from broker.insured.registry.digits import TENS, Glance, digits, eight, exactly
from broker.insured.registry.packing import DECEASED, PRESUMED, RIGHTS_OPEN
from broker.insured.registry.rows import NO_NUMBER
from broker.insured.registry.spans import Fields, Flags

_PLUS, _MALE, _FEMALE = b"+MF"
_NIR, _DATE, _CODE = 15, 10, 5


def number(fields: Fields, column: str) -> Glance:
    """Numbers above zero."""
    starts, ends = fields.span(column)
    values, doubtful = digits(fields, ends, ends - starts)
    return values, doubtful | (values == 0)


def optional_number(fields: Fields, column: str) -> Glance:
    """The same, or nothing."""
    return _or_nothing(fields, column, number(fields, column))


def postal_code(fields: Fields) -> Glance:
    """Five digits, or nothing."""
    return _or_nothing(fields, "postal_code", exactly(fields, "postal_code", _CODE))


def mobile(fields: Fields) -> Glance:
    """A plus sign and 8 to 15 digits that do not begin with zero, or nothing."""
    starts, ends = fields.span("mobile")
    lengths, shortest, longest = ends - starts - 1, 8, 15
    values, doubtful = digits(fields, ends, lengths)
    doubtful |= (lengths < shortest) | (lengths > longest) | (fields.first("mobile") != _PLUS)
    doubtful |= values < TENS[np.clip(lengths - 1, 0, longest)]
    return _or_nothing(fields, "mobile", (values, doubtful))


def _or_nothing(fields: Fields, column: str, glance: Glance) -> Glance:
    (values, doubtful), empty = glance, fields.lengths(column) == 0
    values[empty] = NO_NUMBER
    return values, doubtful & ~empty


def nir(fields: Fields) -> Glance:
    """Numbers of 15 digits that are no temporary ones, packed: the key is left out."""
    whole, doubtful = exactly(fields, "nir", _NIR)
    packed = whole // 100
    key = whole - packed * 100
    # A key is 97 less the remainder of what stands before it. Hundreds count as threes here, so the
    # whole number and twice its key make a multiple of 97, for no other key from 1 to 97.
    doubtful |= ((whole + 2 * key) % 97 != 0) | (key < 1) | (key > 97)  # noqa: PLR2004 - modulo 97
    sex, birth, order = packed // 10**12, packed // 1000, packed % 1000
    month, place = birth // 100_000 % 100, birth % 100_000
    return packed, doubtful | ~(_SEXES[sex % 10] & _MONTHS[month] & _PLACES[place]) | (order == 0)


def _places() -> Flags:
    """Departments 1 to 99 with a commune that is not 000; 97 and 98 have a digit more."""
    department, commune = np.divmod(np.arange(100_000), 1000)
    overseas = (department == 97) | (department == 98)  # noqa: PLR2004 - of the COG
    placed: Flags = (department > 0) & ((commune % 100 > 0) | ((commune > 0) & ~overseas))
    return placed


def _among(size: int, *ranges: tuple[int, int]) -> Flags:
    """Which numbers below `size` are in one of these ranges, both ends included."""
    table = np.zeros(size, bool)
    for first, last in ranges:
        table[first : last + 1] = True
    return table


_SEXES, _MONTHS, _PLACES = _among(10, (1, 4)), _among(100, (1, 12), (20, 42)), _places()


def birthdate(fields: Fields) -> Glance:
    """Dates of two centuries, packed; the 29th of February is a matter for the calendar."""
    return _date(fields, "birthdate", _DAYS_OR_NONE)


def optional_date(fields: Fields) -> Glance:
    """The same when they are complete, or nothing."""
    return _or_nothing(fields, "iban_since", _date(fields, "iban_since", _DAYS))


def _date(fields: Fields, column: str, days: Flags) -> Glance:
    starts, ends = fields.span(column)
    century, rest = fields.words(starts) & np.uint64(0xFFFF), fields.words(starts + 2)
    # What is left is YY-MM-DD; this makes zeros of hyphens, and of nothing else.
    number, doubtful = eight(rest ^ np.uint64(_HYPHENS))
    year = number // 1_000_000
    day = number - year * 1_000_000
    recent = century == _TWENTY
    doubtful |= ~(recent | (century == _NINETEEN)) | (ends - starts != _DATE)
    values = (year + np.where(recent, 2000, 1900)) * 10_000 + day // 1000 * 100 + day % 1000
    return values, doubtful | ~days[np.where(doubtful, 1, day)]


_NINETEEN, _TWENTY = (int.from_bytes(digits, "little") for digits in (b"19", b"20"))
_HYPHENS = (ord("-") ^ ord("0")) * ((1 << 16) + (1 << 40))
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS = _among(
    100_000,
    *((month * 1000 + 1, month * 1000 + length) for month, length in enumerate(_LENGTHS, 1)),
)
"""Whether a year of 365 days has MM0DD."""

_DAYS_OR_NONE = _DAYS.copy()
_DAYS_OR_NONE[0] = True


def sex(fields: Fields) -> Glance:
    """M is 1, F is 2."""
    first = fields.first("sex")
    female = first == _FEMALE
    right = (fields.lengths("sex") == 1) & (female | (first == _MALE))
    return 1 + female.astype(np.int64), ~right


def flags(fields: Fields) -> Glance:
    """The packed flags of presumed, deceased and rights_open."""
    values, doubtful = np.zeros(len(fields), np.int64), np.zeros(len(fields), bool)
    for column, bit, default in (
        ("presumed", PRESUMED, 0),
        ("deceased", DECEASED, 0),
        ("rights_open", RIGHTS_OPEN, 1),
    ):
        told, lengths = fields.first(column) - ord("0"), fields.lengths(column)
        values += bit * np.where(lengths == 0, default, told)
        doubtful |= (lengths > 1) | ((lengths == 1) & (told > 1))
    return values, doubtful
