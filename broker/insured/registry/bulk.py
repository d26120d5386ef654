"""
Reads whole columns of fields that already have the shape of what they should be.

Each function takes the fields of a column and the same joined by line breaks, one after the last.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from broker.insured.matching.nir import SHAPE
from broker.insured.registry.forms import Form
from broker.insured.registry.packing import packed_nir

NIR = rf"{SHAPE.pattern.removesuffix('(?:[0-9]{2})?')}(?:0[1-9]|[1-8][0-9]|9[0-7])"
"""A NIR with its key, which is a number from 1 to 97."""

EMAIL = r"(?!.{255})[!-?A-\[\]-~]++@[!-\-/-?A-\[\]-~]++\.[!-?A-\[\]-~]++"
"""An address of printable ASCII; a backslash, that COPY reads as more, is looked at by itself."""

Reader = Callable[[Sequence[bytes], bytes], Sequence[Any]]

_NIR_WIDTH = 16
_LETTER = re.compile(rb"[AB]")


class Bulk:
    """The readers of whole columns, in one form."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def numbers(self, texts: Sequence[bytes], _: bytes) -> Sequence[Any]:
        """Digits."""
        return self._form.digits(texts)

    def optional_numbers(self, texts: Sequence[bytes], _: bytes) -> Sequence[Any]:
        """Digits, behind a plus sign or not, or nothing."""
        return self._form.digits_or_nothing(texts)

    def texts(self, texts: Sequence[bytes], _: bytes) -> Sequence[Any]:
        """Texts that hold no backslash."""
        return self._form.texts(texts)

    def birthdates(self, _: Sequence[bytes], joined: bytes) -> Sequence[Any]:
        """Dates of ten characters."""
        return self._form.digits(joined.replace(b"-", b"").split())

    def nirs(self, texts: Sequence[bytes], joined: bytes) -> Sequence[Any]:
        """Texts of the shape NIR; ValueError for a wrong key."""
        # Letters stand where the department does, and their key counts them as these numbers.
        digits = joined.replace(b"2A", b"19").replace(b"2B", b"18").split()
        values = list(map(int, digits))
        # A key is 97 less the remainder of what stands before it. Hundreds count as threes here,
        # so the whole number and twice its key make a multiple of 97, for no other key.
        if [value for value in values if (value + 2 * (value % 100)) % 97]:
            raise ValueError
        packed = self._form.heads(digits, values)
        for letter in _LETTER.finditer(joined):
            index = letter.start() // _NIR_WIDTH
            packed[index] = self._form.number(packed_nir(texts[index].decode()))
        return packed
