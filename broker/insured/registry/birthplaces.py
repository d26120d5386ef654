"""
Reads the two columns that tell where somebody was born, a block at a time.

The places of a country are some forty thousand: what was judged of each is kept in a list by its
packed number, for a dictionary of that size is waited for in memory at every look.
"""

import re
from collections.abc import Sequence
from typing import Any

from broker.cog.places import FRANCE
from broker.insured.registry import rules
from broker.insured.registry.fields import FieldError, Read
from broker.insured.registry.forms import Form

_IN_FRANCE = re.compile(rb"(?:(?:(?!99)[0-9]{5}|2[AB][0-9]{3})?\n)*+")
_COUNTRIES = re.compile(rb"(?:99[0-9]{3}\n)*+")
_FRANCE = FRANCE.encode()
# Corsica as it is packed, one and two hundred thousand above the department that it was.
_CORSICA = ((b"2A", b"120"), (b"2B", b"220"))
_ABOVE_ALL = 300_000
_NOWHERE = (0, 0)  # the place of a refused line

Places = tuple[Sequence[Any], Sequence[Any]]
"""The packed places and their keys."""


class Birthplaces:
    """The columns birthplace and birthcountry, read as Places."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._keys: list[Any] = [None] * _ABOVE_ALL

    def read(self, texts: Sequence[Sequence[bytes]]) -> Read:
        """Judge every line of the two columns."""
        try:
            return Read(self._quick(*texts))
        except ValueError:
            return self._one_by_one(*texts)

    def _quick(self, birthplaces: Sequence[bytes], countries: Sequence[bytes]) -> Places:
        """The same for a block without a fault; ValueError asks for a closer look."""
        joined = b"\n".join([*birthplaces, b""])
        if not (
            _IN_FRANCE.fullmatch(joined)
            and _COUNTRIES.fullmatch(b"\n".join([*countries, b""]))
            # No place is called France, so as many lines name a commune as name that country.
            and countries.count(_FRANCE) == len(birthplaces) - birthplaces.count(b"")
        ):
            raise ValueError
        codes = b"\n".join(
            [place or country for place, country in zip(birthplaces, countries, strict=True)]
        )
        for letters, digits in _CORSICA:
            codes = codes.replace(letters, digits)
        texts = codes.split()
        places = list(map(int, texts))
        keys = list(map(self._keys.__getitem__, places))
        if None in keys:
            # FieldError, which is a ValueError, where there is no such place.
            for index in [index for index, key in enumerate(keys) if key is None]:
                key = self._place(birthplaces[index], countries[index])[1]
                keys[index] = self._keys[places[index]] = key
        return self._form.digits(texts), keys

    def _place(self, birthplace: bytes, country: bytes) -> tuple[Any, Any]:
        place, key = rules.place((birthplace + country).decode())
        return self._form.number(place), self._form.number(key)

    def _one_by_one(self, birthplaces: Sequence[bytes], countries: Sequence[bytes]) -> Read:
        """Judge line by line, noting the rule that each refused one breaks."""
        pairs, faults = [], {}
        for index, texts in enumerate(zip(birthplaces, countries, strict=True)):
            try:
                pairs.append(self._place(*texts))
            except FieldError as fault:
                pairs.append(_NOWHERE)
                faults[index] = str(fault)
        return Read(([place for place, _ in pairs], [key for _, key in pairs]), faults)
