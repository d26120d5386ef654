"""The personal data an account keeps: sealed to be read, fingerprinted to be found again."""

from dataclasses import dataclass
from typing import Any, Protocol

from broker.insured.contact import email_form


class Sealing(Protocol):
    """What `broker.sealing.Sealer` offers; every value is bound to its purpose."""

    def mac(self, text: str, purpose: str) -> str:
        """A keyed fingerprint."""

    def macs(self, text: str, purpose: str) -> list[str]:
        """The fingerprints under every known secret, the present one first."""

    def seal(self, data: bytes, purpose: str) -> bytes:
        """Encrypt and authenticate."""

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """The inverse of `seal`."""

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed with the secret in use."""


@dataclass(frozen=True, slots=True)
class Protected:
    """One kind of personal data (`nir`, `email`, `phone`) under one sealing."""

    sealing: Sealing
    kind: str

    def seal(self, text: str) -> bytes:
        """The text, sealed."""
        return self.sealing.seal(text.encode(), f"account:{self.kind}")

    def open(self, sealed: bytes) -> str:
        """The text that was sealed."""
        return self.sealing.open(bytes(sealed), f"account:{self.kind}").decode()

    def index(self, text: str) -> str:
        """The fingerprint that an account gets for this text."""
        return self.sealing.mac(text, f"account:{self.kind}")

    def indexes(self, text: str) -> list[str]:
        """Those under which it may stand, for a secret may have changed since it was written."""
        return self.sealing.macs(text, f"account:{self.kind}")

    def columns(self, text: str | None) -> dict[str, Any]:
        """The two columns of an account that hold this text."""
        sealed, index = (self.seal(text), self.index(text)) if text else (None, None)
        return {f"{self.kind}_sealed": sealed, f"{self.kind}_index": index}


def nir_of(sealing: Sealing) -> Protected:
    """NIRs, 15 characters."""
    return Protected(sealing, "nir")


def email_of(sealing: Sealing) -> Protected:
    """E-mail addresses, in their comparable form."""
    return Protected(sealing, "email")


def phone_of(sealing: Sealing) -> Protected:
    """Mobile numbers, E.164."""
    return Protected(sealing, "phone")


def email_indexes(sealing: Sealing, address: str | None) -> list[str]:
    """The fingerprints under which an account with this address may stand; none without one."""
    return email_of(sealing).indexes(email_form(address)) if address else []


def email_columns(sealing: Sealing, address: str | None) -> dict[str, Any]:
    """The columns of an account for this address."""
    return email_of(sealing).columns(address and email_form(address))
