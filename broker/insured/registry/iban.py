"""
IBANs: checked in full, kept as a keyed fingerprint and the last four characters.

The fingerprint compares two IBANs without either being readable; its key comes from the secret of
the insured domain, so the registry is imported again after that secret was changed.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from broker.insured.registry.fields import FieldError

PATTERN = r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
KEPT = r"#[0-9a-f]{32}[A-Z0-9]{4}"
"""How an IBAN that is no longer known leaves the registry, and comes back: its fingerprint."""

_IBAN = re.compile(PATTERN)
_KEPT = re.compile(KEPT)
_PRINT_BYTES = 16
_LETTERS = {letter: str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}
_AS_DIGITS = str.maketrans(_LETTERS)


class KeyMaker(Protocol):
    """Derives keys, as `broker.sealing.Sealer` does."""

    def mac_bytes(self, data: bytes, purpose: str) -> bytes:
        """A keyed fingerprint of some bytes."""


@dataclass(frozen=True, slots=True)
class IbanPrinter:
    """Makes fingerprints under one key."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, keys: KeyMaker) -> "IbanPrinter":
        """The printer of this registry and of whoever compares with it."""
        return cls(keys.mac_bytes(b"", "registry:iban"))

    def fingerprint(self, iban: str) -> tuple[bytes, str]:
        """(fingerprint, last four characters) of an IBAN; FieldError when it is none."""
        if _KEPT.fullmatch(iban):
            return bytes.fromhex(iban[1:33]), iban[33:]
        compact = iban.replace(" ", "").upper()
        if not _IBAN.fullmatch(compact) or not checks(compact):
            raise FieldError("is no IBAN (length, characters or key)")
        return self.of_valid(compact), compact[-4:]

    def optional(self, text: str) -> tuple[bytes, str] | None:
        """The same, or nothing."""
        return self.fingerprint(text) if text else None

    def block(self, texts: Sequence[str]) -> list[tuple[bytes, str] | None]:
        """The same for texts that have the shape of PATTERN; ValueError for a wrong key."""
        prints: list[tuple[bytes, str] | None] = []
        for text in texts:
            if text and (text[0] == "#" or not checks(text)):
                raise ValueError
            prints.append((self.of_valid(text), text[-4:]) if text else None)
        return prints

    def of_valid(self, iban: str) -> bytes:
        """The fingerprint of an IBAN already checked, without blanks."""
        return hashlib.blake2b(iban.encode(), digest_size=_PRINT_BYTES, key=self.key).digest()


def checks(iban: str) -> bool:
    """Whether the two control digits are right (ISO 13616, modulo 97)."""
    if iban.startswith("FR") and iban[2:].isdigit():
        return int(f"{iban[4:]}1527{iban[2:4]}") % 97 == 1
    return int((iban[4:] + iban[:4]).translate(_AS_DIGITS)) % 97 == 1
