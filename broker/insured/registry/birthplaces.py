"""
Reads the two columns that tell where somebody was born, all lines of a block at once.

The places of a country are some forty thousand: what was judged of each is kept in a table by its
packed number.
"""

import numpy as np

from broker.cog.places import FRANCE
from broker.insured.registry import rules
from broker.insured.registry.digits import Glance, exactly
from broker.insured.registry.packing import ABROAD
from broker.insured.registry.reading import Read, settled
from broker.insured.registry.spans import Fields

_FRANCE, _CODE = int(FRANCE), 5
_ABOVE_ALL = 100_000
_UNKNOWN = np.iinfo(np.int64).max


class Birthplaces:
    """The columns birthplace and birthcountry, read as pairs of a packed place and its key."""

    def __init__(self) -> None:
        self._keys = np.full(_ABOVE_ALL, _UNKNOWN)

    def read(self, fields: Fields) -> Read:
        """Judge every line."""
        places, doubtful = _told(fields)
        keys = self._keys[places]
        doubtful |= keys == _UNKNOWN
        values = np.column_stack((places, keys))
        return settled(values, doubtful, lambda index: self._asked(fields, index))

    def _asked(self, fields: Fields, index: int) -> tuple[int, int]:
        """The place and the key of one line, by the rule; those of a plain code are kept."""
        told = (fields.text(column, index) for column in ("birthplace", "birthcountry"))
        place, key = rules.place(*told)
        if place < _ABOVE_ALL:
            self._keys[place] = key
        return place, key


def _told(fields: Fields) -> Glance:
    """The code of each line as a number below 100,000, and where that is not all there is to it."""
    commune, odd = exactly(fields, "birthplace", _CODE)
    country, doubtful = exactly(fields, "birthcountry", _CODE)
    in_france = fields.lengths("birthplace") > 0
    # The codes of countries are no communes, and the other way round.
    doubtful |= (in_france != (country == _FRANCE)) | (country < ABROAD[0])
    doubtful |= in_france & (odd | (commune >= ABROAD[0]))
    return np.where(doubtful, 0, np.where(in_france, commune, country)), doubtful
