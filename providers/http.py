"""
Outgoing calls as an argument: what a provider needs of the network, and how it fails.

The production implementation pools connections, follows no redirect, verifies TLS, bounds time
and size; the sandbox substitutes the whole network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call: seconds to connect, seconds to read the whole answer, bytes of body."""

    connect: float = 2.0
    read: float = 6.0
    size: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer; header names are lower-case, `elapsed` is the seconds the call took."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    elapsed: float = 0.0


class CallFailedError(Exception):
    """The call gave no usable answer; `reason` is `unreachable`, `slow`, `large` or `forbidden`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason


class Http(Protocol):
    """Sends one request and returns its answer, redirects included as they are."""

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits = Limits(),
    ) -> Reply:
        """Raises CallFailedError when there is no answer within the limits."""
