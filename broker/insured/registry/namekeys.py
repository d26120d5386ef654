"""
Reads the columns of names: whether each can be read and compared, and its key.

Most birth names of a registry are plain capitals, whose comparable form is the name itself: their
key is computed at once. First names are few, and their keys remembered. All others are asked of
`matching.keys`, and a test compares the two ways.
"""

from zlib import crc32

import numpy as np

from broker.insured.registry.legible import first_key, key
from broker.insured.registry.packing import BAR
from broker.insured.registry.reading import Memory, Read, settled
from broker.insured.registry.spans import BREAK, Bytes, Fields, Flags, Numbers, Texts
from providers.identity import MAX_NAME

_SIGNED = 1 << 31
_A, _LETTERS = ord("A"), 26
# The longest of the two names that are written in full before they are compared, ST and STE.
_S, _SHORTENED = ord("S"), 3

# What a byte is in a name. The letters of Western Europe are two, C3 and one from 80 to BF.
_ODD, _LETTER, _INSIDE, _BETWEEN, _AFTER = range(5)
_FIRST_OF_TWO, _SECOND_OF_TWO = b"\xc3", bytes({*range(0x80, 0xC0)} - {0x97, 0xB7})


def _kinds() -> bytes:
    kinds = bytearray(256)
    for kind, codes in (
        (_LETTER, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + _FIRST_OF_TWO),
        (_INSIDE, b" -'" + _SECOND_OF_TWO),
        (_BETWEEN, BAR.encode()),
        (_AFTER, bytes((BREAK,))),
    ):
        for code in codes:
            kinds[code] = kind
    return bytes(kinds)


_KINDS = _kinds()


class FamilyNames:
    """The column family_name, read as keys."""

    def __init__(self) -> None:
        self._known = Memory(key)

    def read(self, fields: Fields) -> Read:
        """Judge every field."""
        column, lengths = fields.texts("family_name"), fields.lengths("family_name")
        capital = column.data - _A < _LETTERS
        capital[column.ends] = True
        doubtful = column.rows_of(~capital) | (lengths == 0) | (lengths > MAX_NAME)
        doubtful |= (lengths <= _SHORTENED) & (fields.first("family_name") == _S)
        texts = column.split()
        keys = np.fromiter(map(crc32, texts), np.int64, len(texts)) - _SIGNED
        return settled(keys, doubtful, lambda index: self._known[texts[index]])


class GivenNames:
    """The column given_names, read as keys of the first; every name is judged."""

    def __init__(self) -> None:
        self._known = Memory(key)

    def read(self, fields: Fields) -> Read:
        """Judge every field."""
        column = fields.texts("given_names")
        kinds = _kinds_of(column)
        doubtful = column.rows_of((kinds == _ODD) | _badly_begun(kinds))
        doubtful |= fields.lengths("given_names") > MAX_NAME
        keys, right = np.zeros(len(fields), np.int64), ~doubtful
        firsts = _firsts(fields, column.ends, kinds == _BETWEEN, right)
        keys[right] = np.fromiter(map(self._known.__getitem__, firsts), np.int64, len(firsts))
        return settled(keys, doubtful, lambda index: first_key(fields.text("given_names", index)))


class OptionalNames:
    """The column usage_name, whose names may be empty; its values say nothing."""

    def read(self, fields: Fields) -> Read:
        """Judge every field."""
        column, lengths = fields.texts("usage_name"), fields.lengths("usage_name")
        kinds = _kinds_of(column)
        doubtful = column.rows_of((kinds == _ODD) | (kinds == _BETWEEN) | _badly_begun(kinds))
        doubtful |= lengths > MAX_NAME
        doubtful &= lengths > 0
        nothing = np.zeros(len(fields), np.int64)
        return settled(nothing, doubtful, lambda index: key(fields.text("usage_name", index)))


def _kinds_of(column: Texts) -> Bytes:
    return np.frombuffer(column.joined.translate(_KINDS), np.uint8)


def _badly_begun(kinds: Bytes) -> Flags:
    """Bytes that begin a name, behind a bar or the end of the field before, and are no letter."""
    begun: Flags = kinds != _LETTER
    begun[1:] &= kinds[:-1] >= _BETWEEN
    return begun


def _firsts(fields: Fields, ends: Numbers, bars: Flags, right: Flags) -> list[bytes]:
    """The first name of each of these fields, whose texts end so and have bars there."""
    begun = np.append(0, ends[:-1] + 1)[right]
    places = np.append(np.flatnonzero(bars), len(bars))
    until = np.minimum(places[np.searchsorted(places, begun)], ends[right])
    starts = fields.span("given_names")[0][right]
    return fields.gathered(starts, starts + until - begun).split()
