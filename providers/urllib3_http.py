"""
Outgoing calls in production: urllib3 with connections pooled and kept alive.

No redirect is followed, no call is repeated, TLS is verified; an answer is bounded in size and in
time as a whole, so that a server that sends one byte a second holds nobody.
"""

import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Lock
from typing import Any

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as Urllib3TimeoutError
from urllib3.util import Url, parse_url

from providers.addresses import is_public
from providers.connections import PlainPool, SecurePool
from providers.doors import Clock, Door, Resolve, system_resolve
from providers.http import CallFailedError, Limits, Reply

MAX_ORIGINS = 64
CONNECTIONS_PER_ORIGIN = 32
_RESOLVERS = 8
_CHUNK = 16 * 1024
_LIMITS = Limits()
_PORTS = {"http": 80, "https": 443}


class Urllib3Http:
    """
    Sends requests (see `http.Http`); one for the whole process, safe to share between threads.

    `clock` counts seconds and never goes back, as `time.monotonic`. With `production`, only https
    and only public addresses may be called; `resolve` and `tls` are for tests and private
    authorities.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        production: bool,
        resolve: Resolve = system_resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._schemes = {"https"} if production else {"http", "https"}
        self._tls = tls or ssl.create_default_context()
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolve")
        judge = is_public if production else _anywhere
        self._door = Door(clock, judge, resolve, self._resolvers)
        self._pools: dict[tuple[str, str, int], HTTPConnectionPool] = {}
        self._lock = Lock()

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits = _LIMITS,
    ) -> Reply:
        """The answer, whatever its status; CallFailedError when there is none within the limits."""
        started = self._clock()
        pool, target = self._pool(url)
        try:
            response = pool.urlopen(
                method,
                target,
                body,
                headers,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
                timeout=Timeout(connect=limits.connect, read=limits.read),
            )
            content = _content(response, limits.size)
        except (Urllib3TimeoutError, TimeoutError) as late:
            raise CallFailedError("slow") from late
        except (HTTPError, OSError, ValueError) as broken:
            raise CallFailedError("unreachable", type(broken).__name__) from broken
        named = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status, named, content, self._clock() - started)

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()
        self._resolvers.shutdown(wait=False)

    def _pool(self, url: str) -> tuple[HTTPConnectionPool, str]:
        try:
            parts = _parts(url)
        except (HTTPError, ValueError) as unreadable:
            raise CallFailedError("unreachable", "address") from unreadable
        scheme, host = parts.scheme or "", parts.host or ""
        if scheme not in self._schemes or not host or parts.auth:
            raise CallFailedError("forbidden", "address")
        origin = (scheme, host, parts.port or _PORTS[scheme])
        pool = self._pools.get(origin) or self._new_pool(origin)
        return pool, parts.request_uri

    def _new_pool(self, origin: tuple[str, str, int]) -> HTTPConnectionPool:
        scheme, host, port = origin
        with self._lock:
            if origin not in self._pools:
                if len(self._pools) >= MAX_ORIGINS:
                    self._pools.pop(next(iter(self._pools))).close()
                options: dict[str, Any] = {"maxsize": CONNECTIONS_PER_ORIGIN, "door": self._door}
                self._pools[origin] = (
                    SecurePool(host, port, ssl_context=self._tls, **options)
                    if scheme == "https"
                    else PlainPool(host, port, **options)
                )
            return self._pools[origin]


@lru_cache(maxsize=128)
def _parts(url: str) -> Url:
    """The parts of an address; most calls go to a few of them."""
    return parse_url(url)


def _anywhere(_address: str) -> bool:
    return True


def _content(response: BaseHTTPResponse, most: int) -> bytes:
    """The body; the connection goes back to its pool, or is closed when the body is too large."""
    content = bytearray()
    whole = False
    try:
        while len(content) <= most and (piece := response.read1(_CHUNK)):
            content += piece
        whole = len(content) <= most
    finally:
        if not whole:
            response.close()
    if not whole:
        raise CallFailedError("large")
    response.release_conn()
    return bytes(content)
