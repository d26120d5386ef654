"""One WSGI call without a socket: the environment of a request, the answer of an application."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

App = Callable[[dict[str, Any], Any], Iterable[bytes]]
"""A WSGI application (PEP 3333)."""

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_WITHOUT_PREFIX = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class TooLargeError(Exception):
    """The application wrote more than the caller reads."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller sends; the URL is absolute, its fragment is not sent."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def origin(self) -> str:
        """Scheme, host and port, as the applications are attached."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an application answered; a header may stand there several times."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str, default: str = "") -> str:
        """The first value of that header, whatever the case of its name."""
        return next((v for k, v in self.headers if k.lower() == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of that header."""
        return [v for k, v in self.headers if k.lower() == name]


def environment(request: Request) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333 §environ Variables)."""
    parts = urlsplit(request.url)
    path = unquote_to_bytes(parts.path or "/").decode("latin-1")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or _DEFAULT_PORTS.get(parts.scheme, "")),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        plain = name.lower()
        environ[_WITHOUT_PREFIX.get(plain) or f"HTTP_{plain.upper().replace('-', '_')}"] = value
    return environ


def call(app: App, environ: dict[str, Any], most: int | None = None) -> Answer:
    """Run the application to its end; TooLargeError beyond `most` bytes of body."""
    started: list[Any] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _fault: object = None) -> Any:
        started[:] = [status, headers]
        return written.append

    chunks = app(environ, start_response)
    size = 0
    try:
        for chunk in chunks:
            written.append(chunk)
            size += len(chunk)
            if most is not None and size > most:
                raise TooLargeError
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    status, headers = started
    return Answer(int(status.split()[0]), tuple(headers), b"".join(written))
