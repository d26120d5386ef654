"""The outside world as an argument: clock, randomness, outgoing HTTP, and whoever may watch."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from providers.http import Http

Clock = Callable[[], float]
"""Unix seconds now."""

Random = Callable[[int], bytes]
"""So many unguessable bytes."""

Observer = Callable[[Mapping[str, Any]], None]
"""Receives each journal event as it is written; the sandbox draws its timeline with it."""


class Mailer(Protocol):
    """Whoever carries messages out; any exception means: not sent, try again."""

    def mail(self, to: str, subject: str, body: str) -> None:
        """Send a plain-text mail."""

    def sms(self, to: str, body: str) -> None:
        """Send a text message."""


def unobserved(_event: Mapping[str, Any]) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Outside:
    """
    Everything the broker needs that is not its own; tests substitute, never patch.

    Without a `mailer`, mails go through the SMTP server of the settings.
    """

    http: Http
    clock: Clock = time.time
    random: Random = secrets.token_bytes
    observe: Observer = unobserved
    mailer: Mailer | None = None
