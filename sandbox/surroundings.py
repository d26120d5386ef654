"""What a world gives to its applications: one clock, one network, one mailbox for all."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from providers.http import Http
from providers.urllib3_http import Urllib3Http
from sandbox.clock import MovableClock
from sandbox.network import Network


def unobserved(_event: Mapping[str, Any]) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    The outside world, once for every room.

    `clock()` is Unix seconds; `random(n)` gives n unguessable bytes; `sleep` waits; `observe`
    receives each event of the broker's journal as it is written.
    """

    clock: MovableClock
    http: Http
    session: Callable[[], requests.Session]
    sleep: Callable[[float], None]
    random: Callable[[int], bytes] = secrets.token_bytes
    observe: Callable[[Mapping[str, Any]], None] = unobserved


def without_sockets(
    network: Network, clock: MovableClock, observe: Any = unobserved
) -> Surroundings:
    """Calls stay in the process, waits take no time."""
    return Surroundings(clock, network.http(), network.session, network.sleep, observe=observe)


def with_sockets(clock: MovableClock, observe: Any = unobserved) -> Surroundings:
    """Real calls and real waits on this machine, as in production but for the clock."""
    http = Urllib3Http(time.monotonic, production=False)
    return Surroundings(clock, http, requests.Session, time.sleep, observe=observe)
