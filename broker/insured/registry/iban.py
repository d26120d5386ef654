"""
IBANs: checked in full, kept as a keyed fingerprint and the last four characters.

The fingerprint compares two IBANs without either being readable; its key comes from the secret of
the insured domain, so the registry is imported again after that secret was changed. It is an
AES-CMAC (RFC 4493) of the IBAN followed by zeros to three blocks of the cipher: a cipher makes the
fingerprints of a whole column in three calls (`ibans.py`), where a hash wants several for each.
"""

import re
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.cmac import CMAC

from broker.insured.registry.fields import FieldError

PATTERN = r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
KEPT = r"#[0-9a-f]{32}[A-Z0-9]{4}"
"""How an IBAN that is no longer known leaves the registry, and comes back: its fingerprint."""

_IBAN = re.compile(PATTERN)
_KEPT = re.compile(KEPT)

BLOCK = 16
"""Bytes of a block of the cipher, and of a fingerprint."""

PADDED = 3 * BLOCK
"""Bytes of an IBAN, 34 at most, with the zeros behind it."""

END = 4
"""Characters of an IBAN that are kept readable, after its fingerprint of 128 bits."""

_LETTERS = {letter: str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}
_AS_DIGITS = str.maketrans(_LETTERS)


class KeyMaker(Protocol):
    """Derives keys, as `broker.sealing.Sealer` does."""

    def mac_bytes(self, data: bytes, purpose: str) -> bytes:
        """A keyed fingerprint of some bytes."""


class IbanPrinter:
    """Makes fingerprints under one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AES(key)

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

    def of_valid(self, iban: str) -> bytes:
        """The same of an IBAN already checked, without blanks."""
        mac = CMAC(self._cipher)
        mac.update(iban.encode().ljust(PADDED, b"\0"))
        return mac.finalize() + iban[-END:].encode()

    def encrypted(self, blocks: bytes) -> bytes:
        """Blocks of the cipher, each by itself: what a fingerprint is computed of."""
        mode = ECB()  # noqa: S305 - the step of RFC 4493; what it gives never leaves the import
        return Cipher(self._cipher, mode).encryptor().update(blocks)


def shown(kept: bytes) -> str:
    """The last four characters, for an advisor."""
    return kept[-END:].decode()


def exported(kept: bytes) -> str:
    """What leaves the registry in place of an IBAN; `fingerprint` reads it back."""
    return f"#{kept[:-END].hex()}{shown(kept)}"


def checks(iban: str) -> bool:
    """Whether the two control digits are right (ISO 13616, modulo 97)."""
    return int((iban[4:] + iban[:4]).translate(_AS_DIGITS)) % 97 == 1
