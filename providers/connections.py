"""
urllib3's connections, made to open through our door and to time an answer as a whole.

The library's read time-out starts again with each piece received; a server that sends one byte a
second would hold us for hours.
"""

import io
from http.client import HTTPResponse
from socket import socket
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from providers.doors import Clock, Door


class _Timed(io.RawIOBase):
    """Reads a socket up to a deadline for everything together, not for each piece."""

    def __init__(self, raw: io.RawIOBase, connection: socket, clock: Clock) -> None:
        self._raw, self._connection, self._clock = raw, connection, clock
        self._deadline = clock() + (connection.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - self._clock()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    """An answer whose headers and body must all have come before its deadline."""

    def __init__(self, connection: socket, *rest: Any, clock: Clock, **named: Any) -> None:
        super().__init__(connection, *rest, **named)
        timed = _Timed(self.fp.detach(), connection, clock)
        self.fp = io.BufferedReader(timed)


class _Through:
    """A connection that opens through the door, and whose answers are timed as a whole."""

    host: str
    port: int
    timeout: Any

    def __init__(self, *args: Any, door: Door, **named: Any) -> None:
        super().__init__(*args, **named)
        self._door = door
        self._answer: _TimedResponse | None = None
        # http.client only ever calls it: it need not be a class.
        self.response_class = self._timed_response

    def _new_conn(self) -> socket:
        return self._door.open(self.host, self.port, self.timeout)

    def _timed_response(self, *args: Any, **named: Any) -> _TimedResponse:
        self._answer = _TimedResponse(*args, clock=self._door.clock, **named)
        return self._answer

    def getresponse(self) -> Any:
        try:
            return super().getresponse()  # type: ignore[misc] # of the connection beside us
        except BaseException:
            # The library forgets the answer, socket included, when it refuses a header.
            if self._answer is not None:
                self._answer.close()
            raise


class _Plain(_Through, HTTPConnection):  # type: ignore[misc] # see response_class
    """http, for demonstrations on one machine."""


class _Secure(_Through, HTTPSConnection):  # type: ignore[misc] # see response_class
    """https."""


class PlainPool(HTTPConnectionPool):
    """Connections to one http origin."""

    ConnectionCls = _Plain


class SecurePool(HTTPSConnectionPool):
    """Connections to one https origin."""

    ConnectionCls = _Secure
