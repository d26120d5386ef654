"""The mailbox: catches every mail and text message of a world, so that nothing leaves it."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Lock
from typing import Literal

_LINK = re.compile(r"https?://[^\s<>\"]+")
# Six digits that are no part of a longer number, of an amount or of a date.
_CODE = re.compile(r"(?<!\d)(?<!\d[.,/-])\d{6}(?!\d|[.,/-]\d)")


@dataclass(frozen=True, slots=True)
class Letter:
    """
    A mail or a text message, caught at `at` (Unix seconds).

    `to` is an address or a phone number; `html` is empty when there is only a plain text;
    `number` counts from 1 in the order of arrival.
    """

    number: int
    channel: Literal["mail", "sms"]
    to: str
    at: float
    text: str
    sender: str = ""
    subject: str = ""
    html: str = ""

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses in the text, in its order."""
        return tuple(link.rstrip(".,;:)") for link in _LINK.findall(self.text))

    @property
    def code(self) -> str | None:
        """The first number of six digits in the text."""
        found = _CODE.search(self.text)
        return found[0] if found else None


class Mailbox:
    """
    Takes what the applications send; keeps the latest letters. Safe between threads.

    `sender` stands on the mails that name none, as a mail server would have it.
    """

    def __init__(self, clock: Callable[[], float], sender: str = "", keep: int = 500) -> None:
        self._clock = clock
        self._sender = sender
        self._lock = Lock()
        self._letters: deque[Letter] = deque(maxlen=keep)
        self._count = 0

    def mail(self, to: str, subject: str, body: str, html: str = "") -> None:
        """Catch a mail: its plain text, and its formatted one where it has one."""
        parts = {"sender": self._sender, "subject": subject, "text": body, "html": html}
        self._keep(channel="mail", to=to, **parts)

    def sms(self, to: str, body: str) -> None:
        """Catch a text message to a phone number."""
        self._keep(channel="sms", to=to, text=body)

    def send(self, message: EmailMessage) -> None:
        """Catch a mail as it would go to an SMTP server."""
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        self._keep(
            channel="mail",
            to=str(message["To"] or ""),
            sender=str(message["From"] or ""),
            subject=str(message["Subject"] or ""),
            text=plain.get_content() if plain else "",
            html=html.get_content() if html else "",
        )

    def to(self, address: str) -> list[Letter]:
        """What was sent to that address or number, oldest first."""
        return [letter for letter in self if letter.to == address]

    def last(self, address: str | None = None) -> Letter:
        """The latest letter, to that address where one is given; LookupError when there is none."""
        found = list(self) if address is None else self.to(address)
        if not found:
            raise LookupError(f"nothing was sent to {address or 'anybody'}")
        return found[-1]

    def find(self, number: int) -> Letter | None:
        """The letter of that number, if it is still kept."""
        return next((letter for letter in self if letter.number == number), None)

    def clear(self) -> None:
        """Throw everything away."""
        with self._lock:
            self._letters.clear()

    def __iter__(self) -> Iterator[Letter]:
        with self._lock:
            return iter(tuple(self._letters))

    def __len__(self) -> int:
        return len(self._letters)

    def __bool__(self) -> bool:
        """An empty mailbox is a mailbox all the same: `mailbox or ...` keeps it."""
        return True

    def _keep(self, **parts: str) -> None:
        with self._lock:
            self._count += 1
            self._letters.append(Letter(number=self._count, at=self._clock(), **parts))  # type: ignore[arg-type]  # the channel is one of the two
