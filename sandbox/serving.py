"""Serves several applications from one process, each on its port: one loop, few threads."""

import errno
import socket
from collections.abc import Iterable, Mapping
from typing import Any

from waitress import create_server, wasyncore  # type: ignore[import-untyped]  # no types
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped]  # same

from sandbox.wsgi import App

_THREADS = 4
_APART = 100
"""The ports of a demonstration lie within a hundred of the first."""


class BusyPortError(Exception):
    """Something else listens there already, at `ports`. The text says what to do."""

    def __init__(self, ports: list[int]) -> None:
        said = "the port" if len(ports) == 1 else "the ports"
        super().__init__(
            f"Another program uses {said} {in_words(ports)}: stop it, or move all the ports with "
            f"PORT_BASE={other_base(ports)}."
        )
        self.ports = tuple(ports)


def in_words(ports: list[int]) -> str:
    """`8000 to 8005, 8009 and 8025`."""
    spans: list[list[int]] = []
    for port in sorted(ports):
        if spans and port == spans[-1][-1] + 1:
            spans[-1].append(port)
        else:
            spans.append([port])
    words = [f"{one[0]} to {one[-1]}" if len(one) > 1 else str(one[0]) for one in spans]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def other_base(ports: Iterable[int]) -> int:
    """A first port that leads away from all of these."""
    return next(base for base in (9000, 10_000) if all(abs(port - base) > _APART for port in ports))


def refuse_busy(addresses: Iterable[str]) -> None:
    """BusyPortError with every port of these addresses (`host:port`) that is taken."""
    busy = [int(address.rpartition(":")[2]) for address in addresses if not _is_free(address)]
    if busy:
        raise BusyPortError(busy)


class Servers:
    """Applications by the address they listen at (`127.0.0.1:8000`); bound when made."""

    def __init__(self, apps: Mapping[str, App], threads: int = _THREADS) -> None:
        self._map: dict[int, Any] = {}
        self._ended = False
        self._servers = [self._listen(address, app, threads) for address, app in apps.items()]

    def run(self) -> None:
        """Answer until `stop`, or until an exception such as KeyboardInterrupt; then close."""
        try:
            while not self._ended:
                wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)
        finally:
            self.close()

    def stop(self) -> None:
        """Make `run` return, from another thread."""
        self._ended = True
        # The loop waits until something happens on one of these, up to a second if nothing does.
        waiting = [one for one in list(self._map.values()) if isinstance(one, BaseWSGIServer)]
        for server in waiting[:1]:
            server.pull_trigger()

    def close(self) -> None:
        """Stop listening, let running requests finish, close every connection."""
        for server in self._servers:
            server.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)

    def _listen(self, address: str, app: App, threads: int) -> Any:
        host, _, port = address.rpartition(":")
        try:
            return create_server(
                app, map=self._map, host=host, port=int(port), threads=threads, ident=None
            )
        except OSError as fault:
            wasyncore.close_all(self._map)
            if fault.errno == errno.EADDRINUSE:
                raise BusyPortError([int(port)]) from fault
            raise


def _is_free(address: str) -> bool:
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as fault:
            return fault.errno != errno.EADDRINUSE
    return True
