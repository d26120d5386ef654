"""Records what applications and browsers say to one another, from outside each application."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import count
from threading import Lock
from typing import Any

from sandbox.wsgi import App

_MOST_BODY = 64 * 1024
_TOLD = ("application/", "text/html", "text/plain")
_SILENT_PATHS = ("/healthz", "/readyz", "/metrics", "/favicon.ico")


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    One request and its answer, as the application `site` saw them.

    `number` orders exchanges and events by their beginning; `at` is Unix seconds. `status` is 0
    while nothing was answered, and stays so when the caller gave up.
    """

    number: int
    at: float
    site: str
    method: str
    url: str
    sent: Mapping[str, str]
    body: bytes = b""
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    answer: bytes = b""

    def header(self, name: str) -> str:
        """The first value of a header of the answer; `name` in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the broker's journal."""

    number: int
    at: float
    event: Mapping[str, Any]


class Recorder:
    """Keeps the latest exchanges and events. Safe between threads."""

    def __init__(self, clock: Callable[[], float], keep: int = 3000) -> None:
        self._clock = clock
        self._lock = Lock()
        self._numbers = count(1)
        self._kept: deque[Exchange | Happening] = deque(maxlen=keep)

    def wrap(self, site: str, app: App) -> App:
        """The same application, watched; what is not worth telling is let through."""

        def watched(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if environ["PATH_INFO"] in _SILENT_PATHS:
                return app(environ, start_response)
            watch = _Watch(self._begin(site, environ), self._end)
            try:
                watch.chunks = app(environ, watch.starting(start_response))
            except BaseException:
                watch.close()
                raise
            return watch

        return watched

    def observe(self, event: Mapping[str, Any]) -> None:
        """Keep an event of the journal."""
        with self._lock:
            self._kept.append(Happening(next(self._numbers), self._clock(), dict(event)))

    def all(self) -> list[Exchange | Happening]:
        """Everything kept, in the order in which it began."""
        with self._lock:
            return sorted(self._kept, key=lambda kept: kept.number)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def _begin(self, site: str, environ: dict[str, Any]) -> Exchange:
        return Exchange(
            next(self._numbers),
            self._clock(),
            site,
            environ["REQUEST_METHOD"],
            _url(environ),
            _headers(environ),
            _read(environ),
        )

    def _end(self, exchange: Exchange) -> None:
        if exchange.status and not exchange.header("content-type").startswith(_TOLD):
            return
        with self._lock:
            self._kept.append(exchange)


@dataclass(slots=True)
class _Watch:
    """The answer on its way out; recorded when it ends, however it ends."""

    exchange: Exchange
    end: Callable[[Exchange], None]
    chunks: Iterable[bytes] = ()
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    written: bytearray = field(default_factory=bytearray)

    def starting(self, start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], fault: Any = None) -> Any:
            self.status, self.headers = int(status[:3]), tuple(headers)
            return start_response(status, headers, *([fault] if fault else []))

        return start

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            if len(self.written) < _MOST_BODY:
                self.written += chunk
            yield chunk

    def close(self) -> None:
        close = getattr(self.chunks, "close", None)
        if close:
            close()
        told = replace(
            self.exchange, status=self.status, headers=self.headers, answer=bytes(self.written)
        )
        self.end(told)


def _url(environ: Mapping[str, Any]) -> str:
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
    return f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}{path}{query}"


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    names = {key: key[5:].replace("_", "-").lower() for key in environ if key.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        names["CONTENT_TYPE"] = "content-type"
    return {name: environ[key] for key, name in names.items()}


def _read(environ: dict[str, Any]) -> bytes:
    """The body of a request, left to be read again by the application."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or not 0 < int(length) <= _MOST_BODY:
        return b""
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body
