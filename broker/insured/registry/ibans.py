"""
The column of IBANs: all fingerprints of a block together.

French IBANs without letters behind FR76 are checked and printed here; any other is asked of
`iban.py`, whose fingerprints are the same.
"""

import numpy as np

from broker.insured.registry.digits import digits
from broker.insured.registry.iban import BLOCK, END, PADDED, IbanPrinter
from broker.insured.registry.reading import Read, settled
from broker.insured.registry.spans import Bytes, Fields, Flags, Numbers

WIDTH = BLOCK + END
"""Bytes that are kept of an IBAN."""

_COLUMN, _FRENCH, _START = "iban", 27, b"FR76"
_HALF = 15
_CARRY = 10 ** (_FRENCH - _HALF) % 97
_OVERFLOW = 0x87  # of the field in which RFC 4493 doubles a block


class Ibans:
    """The column iban: its values are rows of WIDTH bytes, zeros where there is none."""

    def __init__(self, printer: IbanPrinter) -> None:
        self._printer = printer
        doubled = int.from_bytes(printer.encrypted(bytes(BLOCK))) << 1
        subkey = (doubled ^ (doubled >> 8 * BLOCK) * _OVERFLOW) % (1 << 8 * BLOCK)
        self._last = np.frombuffer(subkey.to_bytes(BLOCK), np.uint8)

    def read(self, fields: Fields) -> Read:
        """Judge every field."""
        starts, ends = fields.span(_COLUMN)
        french = np.flatnonzero(ends - starts == _FRENCH)
        french = french[_right(fields, starts[french])]
        values = np.zeros((len(fields), WIDTH), np.uint8)
        values[french] = self._printed(fields.windows(starts[french], _FRENCH))
        doubtful = ends > starts
        doubtful[french] = False
        return settled(values, doubtful, lambda index: self._alone(fields.text(_COLUMN, index)))

    def _alone(self, iban: str) -> Bytes:
        return np.frombuffer(self._printer.fingerprint(iban), np.uint8)

    def _printed(self, ibans: Bytes) -> Bytes:
        """Fingerprints and ends of IBANs of one length."""
        padded = np.zeros((len(ibans), PADDED), np.uint8)
        padded[:, : ibans.shape[1]] = ibans
        chained: Bytes | int = 0
        for start in range(0, PADDED, BLOCK):
            block = padded[:, start : start + BLOCK] ^ chained
            if start + BLOCK == PADDED:
                block ^= self._last
            encrypted = self._printer.encrypted(block.tobytes())
            chained = np.frombuffer(encrypted, np.uint8).reshape(-1, BLOCK)
        return np.concatenate([chained, ibans[:, -END:]], axis=1)


def _right(fields: Fields, starts: Numbers) -> Flags:
    """
    Whether texts of 27 characters are FR76 and digits of which 97 is a divisor.

    Their own key makes the rest of French ones so, which is the same as what ISO 13616 asks.
    """
    upper, odd = digits(fields, starts + _HALF, np.full(len(starts), _HALF - len(_START)))
    lower, wrong = digits(fields, starts + _FRENCH, np.full(len(starts), _FRENCH - _HALF))
    french = fields.words(starts) & np.uint64(0xFFFFFFFF) == int.from_bytes(_START, "little")
    right: Flags = french & ~(odd | wrong) & ((upper % 97 * _CARRY + lower) % 97 == 0)
    return right
