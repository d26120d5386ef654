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
from sandbox.mailbox import Mailbox
from sandbox.network import Network

Observe = Callable[[Mapping[str, Any]], None]


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
    mailbox: Mailbox
    observe: Observe
    random: Callable[[int], bytes] = secrets.token_bytes


def without_sockets(
    network: Network, clock: MovableClock, mailbox: Mailbox, observe: Observe
) -> Surroundings:
    """Calls stay in the process, waits take no time."""
    return Surroundings(clock, network.http(), network.session, network.sleep, mailbox, observe)


def with_sockets(clock: MovableClock, mailbox: Mailbox, observe: Observe) -> Surroundings:
    """Real calls and real waits on this machine, as in production but for clock and mails."""
    http = Urllib3Http(time.monotonic, production=False)
    return Surroundings(clock, http, requests.Session, time.sleep, mailbox, observe)
