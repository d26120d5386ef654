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

    def mail(self, to: str, subject: str, body: str, html: str) -> None:
        """Send a mail in its two forms, plain and formatted."""

    def sms(self, to: str, body: str) -> None:
        """Send a text message."""


Meter = Callable[[Http, str], Http]
"""The same calls, counted under the name of whoever is called."""

SERVICES = "(services)"
"""The name under which calls to services are counted; no provider can have it."""

TEXTS = "(texts)"
"""The same, of calls to the gateway of text messages."""


def unobserved(_event: Mapping[str, Any]) -> None:
    """Nobody watches."""


def unmetered(http: Http, _callee: str) -> Http:
    """Nobody counts."""
    return http


@dataclass(frozen=True, slots=True)
class Outside:
    """
    Everything the broker needs that is not its own; tests substitute, never patch.

    Without a `mailer`, mails go through the SMTP server of the settings. `timer` counts seconds and
    never goes back; it measures, and decides nothing.
    """

    http: Http
    clock: Clock = time.time
    random: Random = secrets.token_bytes
    observe: Observer = unobserved
    mailer: Mailer | None = None
    meter: Meter = unmetered
    timer: Clock = time.perf_counter

    def http_to(self, callee: str) -> Http:
        """Outgoing calls to a provider by its id, to `SERVICES` or to `TEXTS`."""
        return self.meter(self.http, callee)
