"""
IBANs: checked in full, kept as a keyed fingerprint and the last four characters.

The fingerprint compares two IBANs without either being readable; its key comes from the secret of
the insured domain, so the registry is imported again after that secret was changed.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from broker.insured.registry.fields import FieldError

PATTERN = r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
KEPT = r"#[0-9a-f]{32}[A-Z0-9]{4}"
"""How an IBAN that is no longer known leaves the registry, and comes back: its fingerprint."""

_IBAN = re.compile(PATTERN)
_KEPT = re.compile(KEPT)
_PRINT_BYTES = 16
END = 4
"""Characters of an IBAN that are kept readable, after its fingerprint of 128 bits."""

_LETTERS = {letter: str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}
_AS_DIGITS = str.maketrans(_LETTERS)

T = TypeVar("T")


class KeyMaker(Protocol):
    """Derives keys, as `broker.sealing.Sealer` does."""

    def mac_bytes(self, data: bytes, purpose: str) -> bytes:
        """A keyed fingerprint of some bytes."""


class IbanPrinter:
    """Makes fingerprints under one key."""

    def __init__(self, key: bytes) -> None:
        # Keyed once and copied for each IBAN: half the price of keying anew.
        self._keyed = hashlib.blake2b(digest_size=_PRINT_BYTES, key=key)

    @classmethod
    def of(cls, keys: KeyMaker) -> "IbanPrinter":
        """The printer of this registry and of whoever compares with it."""
        return cls(keys.mac_bytes(b"", "registry:iban"))

    def fingerprint(self, iban: str) -> bytes:
        """What is kept of an IBAN, blanks allowed; FieldError when it is none."""
        if _KEPT.fullmatch(iban):
            return bytes.fromhex(iban[1:-END]) + iban[-END:].encode()
        compact = iban.replace(" ", "").upper()
        if not _IBAN.fullmatch(compact) or not checks(compact):
            raise FieldError("is no IBAN (length, characters or key)")
        return self.of_valid(compact)

    def optional(self, text: str) -> bytes:
        """The same, or nothing."""
        return self.fingerprint(text) if text else b""

    def block(self, texts: Sequence[bytes], joined: bytes, blob: Callable[[bytes], T]) -> list[T]:
        """
        The same for fields that have the shape of PATTERN or KEPT, each handed to `blob`; `joined`
        by line breaks. ValueError for a wrong key, or a field that wants a closer look.
        """
        if not _french(joined):
            for text in filter(None, texts):
                if text[:1] == b"#" or not checks(text.decode()):
                    raise ValueError
        kept: list[T] = []
        keyed, add, nothing = self._keyed.copy, kept.append, blob(b"")
        for text in texts:
            if text:
                one = keyed()
                one.update(text)
                add(blob(one.digest() + text[-END:]))
            else:
                add(nothing)
        return kept

    def of_valid(self, iban: str) -> bytes:
        """The same of an IBAN already checked, without blanks."""
        keyed = self._keyed.copy()
        keyed.update(iban.encode())
        return keyed.digest() + iban[-END:].encode()


def _french(joined: bytes) -> bool:
    """
    Whether all begin with FR76, have no letters behind that, and are right.

    Such are nearly all French ones, whose own key makes the rest of them a multiple of 97.
    """
    try:
        numbers = map(int, (b"\n" + joined).replace(b"\nFR76", b"\n").split())
        return not [number for number in numbers if number % 97]
    except ValueError:
        return False


def shown(kept: bytes) -> str:
    """The last four characters, for an advisor."""
    return kept[-END:].decode()


def exported(kept: bytes) -> str:
    """What leaves the registry in place of an IBAN; `fingerprint` reads it back."""
    return f"#{kept[:-END].hex()}{shown(kept)}"


def checks(iban: str) -> bool:
    """Whether the two control digits are right (ISO 13616, modulo 97)."""
    return int((iban[4:] + iban[:4]).translate(_AS_DIGITS)) % 97 == 1
