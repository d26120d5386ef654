"""E-mail addresses and mobile numbers: the form in which they are compared, and masked."""

from dataclasses import dataclass, field

_DOT = "•"
_SHOWN_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where one message goes: `channel` is mail or sms."""

    channel: str
    to: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownContact:
    """How the insurer reaches a person: an e-mail address, a mobile number, both or none."""

    email: str | None = field(repr=False)
    mobile: str | None = field(repr=False)

    @property
    def recipient(self) -> Recipient | None:
        """Where a message goes: the mailbox before the telephone."""
        if self.email:
            return Recipient("mail", self.email)
        return Recipient("sms", self.mobile) if self.mobile else None


def email_form(address: str) -> str:
    """One spelling for one mailbox: trimmed and lower-case; the local part keeps its dots."""
    return address.strip().casefold()


def masked_email(address: str) -> str:
    """c•••••@exemple.fr: the first letter and the domain, always the same number of dots."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}{_DOT * 5}@{domain}"


def masked_mobile(number: str) -> str:
    """•• •• •• •• 78: the last two digits."""
    return f"{_DOT * 2} " * 4 + number[-_SHOWN_DIGITS:]
