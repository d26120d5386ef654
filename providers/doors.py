"""
Opening connections: names resolved within a time, every address judged, then connected to as
judged.

Resolving and connecting are one step on purpose: a name that changes its mind between a check and
a connection (DNS rebinding) is never asked twice.
"""

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from providers.http import CallFailedError

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]
Resolve = Callable[[str, int], Sequence[Address]]
Judge = Callable[[str], bool]
Clock = Callable[[], float]


def system_resolve(host: str, port: int) -> Sequence[Address]:
    """The addresses of `host` as the system knows them."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


@dataclass(frozen=True, slots=True)
class Door:
    """Opens sockets to the addresses that `judge` allows; `clock` counts seconds, from anywhere."""

    clock: Clock
    judge: Judge
    resolve: Resolve
    resolvers: ThreadPoolExecutor

    def open(self, host: str, port: int, seconds: float) -> socket.socket:
        """A connected socket within `seconds`; CallFailedError when there is none."""
        deadline = self.clock() + seconds
        addresses = [a for a in self._resolved(host, port, seconds) if self.judge(a[4][0])]
        if not addresses:
            raise CallFailedError("forbidden")
        failure = CallFailedError("unreachable")
        for family, kind, protocol, _name, address in addresses:
            left = deadline - self.clock()
            if left <= 0:
                raise CallFailedError("slow")
            try:
                return _connected((family, kind, protocol), address, left)
            except TimeoutError:
                failure = CallFailedError("slow")
            except OSError:
                failure = CallFailedError("unreachable")
        raise failure

    def _resolved(self, host: str, port: int, seconds: float) -> Sequence[Address]:
        try:
            return self.resolvers.submit(self.resolve, host, port).result(seconds)
        except TimeoutError as late:
            raise CallFailedError("slow", "name") from late
        except (OSError, UnicodeError) as unknown:
            raise CallFailedError("unreachable", "name") from unknown


def _connected(
    family: tuple[socket.AddressFamily, socket.SocketKind, int],
    address: tuple[Any, ...],
    seconds: float,
) -> socket.socket:
    opened = socket.socket(*family)
    try:
        opened.settimeout(seconds)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.connect(address)
    except BaseException:
        opened.close()
        raise
    return opened
