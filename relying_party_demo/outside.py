"""The outside world of the two services, as arguments."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

Clock = Callable[[], float]
"""Unix seconds now."""

Random = Callable[[int], bytes]
"""So many unguessable bytes."""


@dataclass(frozen=True, slots=True)
class Outside:
    """
    What a service needs of the world; tests substitute, never patch.

    Of `http`, the adapters carry every call to the broker: connections are pooled there, and a
    network without sockets is mounted there.
    """

    http: requests.Session = field(default_factory=requests.Session)
    clock: Clock = time.time
    random: Random = secrets.token_bytes
