"""
Reads the digits of a whole column, eight at a time.

Eight bytes are one number of 64 bits, in which pairs of digits, then pairs of pairs, then the two
halves are added up: some ten operations on whole columns, where each digit would want several.
"""

import numpy as np
from numpy.typing import NDArray

from broker.insured.registry.spans import Fields, Flags, Numbers

Words = NDArray[np.uint64]
Glance = tuple[Numbers, Flags]
"""What a look at a column gives: values, and which of them ask for a closer one."""

MOST_DIGITS = 18
EIGHT = 8
TENS = 10 ** np.arange(MOST_DIGITS + 1, dtype=np.int64)

_EVERY = 0x0101010101010101
_ZEROS = ord("0") * _EVERY
_ABOVE_NINE, _HIGH_BITS = 0x46 * _EVERY, 0x80 * _EVERY
_BITS = 8 * np.arange(EIGHT, -1, -1)
# By how many of the digits count, the last ones: which bits are theirs, and zeros for the others.
_THEIRS = np.array([(1 << 64) - (1 << int(bits)) for bits in _BITS], np.uint64)
_FILLED = np.uint64(_ZEROS) & ~_THEIRS


def eight(words: Words) -> Glance:
    """The numbers that eight characters each make; odd where these are not all digits."""
    pairs = words - np.uint64(_ZEROS)
    odd = ((words + np.uint64(_ABOVE_NINE) | pairs) & np.uint64(_HIGH_BITS)) != 0
    for bits, ten, kept in (
        (8, 10, 0x00FF00FF00FF00FF),
        (16, 100, 0x0000FFFF0000FFFF),
        (32, 10_000, 0x00000000FFFFFFFF),
    ):
        pairs = (pairs * np.uint64(ten) + (pairs >> np.uint64(bits))) & np.uint64(kept)
    return pairs.astype(np.int64), odd


def digits(fields: Fields, ends: Numbers, lengths: Numbers) -> Glance:
    """Numbers of so many digits before these offsets; doubtful where they are not 1 to 18."""
    values, doubtful = np.zeros(len(ends), np.int64), (lengths < 1) | (lengths > MOST_DIGITS)
    longest = min(int(lengths.max(initial=0)), MOST_DIGITS)
    for passed in range(0, longest, EIGHT):
        told = np.clip(lengths - passed, 0, EIGHT)
        words = fields.words(ends - passed - EIGHT)
        part, odd = eight((words & _THEIRS[told]) | _FILLED[told])
        values += part * TENS[passed]
        doubtful |= odd
    return values, doubtful


def exactly(fields: Fields, column: str, width: int) -> Glance:
    """Fields of so many digits, 18 at most; doubtful where they are not."""
    starts, ends = fields.span(column)
    values, doubtful = digits(fields, starts + width, np.full(len(fields), width))
    return values, doubtful | (ends - starts != width)
