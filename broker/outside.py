"""The outside world as an argument: clock, randomness, outgoing HTTP, and whoever may watch."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.http import Http

Clock = Callable[[], float]
"""Unix seconds now."""

Random = Callable[[int], bytes]
"""So many unguessable bytes."""

Observer = Callable[[Mapping[str, Any]], None]
"""Receives each journal event as it is written; the sandbox draws its timeline with it."""


def unobserved(_event: Mapping[str, Any]) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything the broker needs that is not its own; tests substitute, never patch."""

    http: Http
    clock: Clock = time.time
    random: Random = secrets.token_bytes
    observe: Observer = unobserved
