"""
The network in one process: applications by origin, calls between them without sockets.

A call has the limits of the real one. Time passes virtually: an application that waits longer
than its caller reads makes that call fail as slow, at once. Whatever can break for real can be
broken here: `take_down`, `restore`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from email.message import Message
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from providers.http import CallFailedError, Limits, Reply
from sandbox.wsgi import Answer, App, Request, TooLargeError, call, environment

_DEFAULT_READ = 60.0


class _GivenUpError(BaseException):
    """The caller stopped reading; no `except Exception` of an application may hide it."""


@dataclass(slots=True)
class _Patience:
    """How long the caller of the running call reads, and what virtual time has passed, seconds."""

    limit: float
    spent: float = 0.0

    def wait(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.spent += seconds
        if self.spent > self.limit:
            raise _GivenUpError


_running: ContextVar[_Patience | None] = ContextVar("running call", default=None)


class Network:
    """Applications by origin (`http://localhost:8001`). Safe between threads."""

    def __init__(self) -> None:
        self._apps: dict[str, App] = {}
        self._down: dict[str, str] = {}

    def attach(self, origin: str, app: App) -> None:
        """Let the application answer at that origin."""
        self._apps[origin] = app

    def take_down(self, origin: str, reason: str = "unreachable") -> None:
        """Break every call to that origin: `unreachable`, or `slow` (it never answers)."""
        self._down[origin] = reason

    def restore(self, origin: str) -> None:
        """Let that origin answer again."""
        self._down.pop(origin, None)

    def sleep(self, seconds: float) -> None:
        """Wait as `time.sleep` does, in virtual time: at once, or the caller's time-out."""
        patience = _running.get()
        if patience is not None:
            patience.wait(seconds)

    def send(self, request: Request, limits: Limits | None = None) -> tuple[Answer, float]:
        """
        The answer, and how many virtual seconds it took.

        Without limits, as for a browser, the caller waits for everything. CallFailedError when
        there is no answer within the limits.
        """
        origin = request.origin
        if origin in self._down or origin not in self._apps:
            raise CallFailedError(self._down.get(origin, "unreachable"), origin)
        app, environ = self._apps[origin], environment(request)
        with _patience(limits.read if limits else float("inf")) as patience:
            try:
                answer = call(app, environ, limits.size if limits else None)
            except _GivenUpError:
                raise CallFailedError("slow", origin) from None
            except TooLargeError:
                raise CallFailedError("large", origin) from None
        return answer, patience.spent

    def http(self) -> "NetworkHttp":
        """Outgoing calls of the broker and of its providers."""
        return NetworkHttp(self)

    def session(self) -> requests.Session:
        """A session of `requests` whose every call stays in this network."""
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", _Adapter(self))
        session.mount("https://", _Adapter(self))
        return session


@contextmanager
def _patience(limit: float) -> Iterator[_Patience]:
    outer = _running.get()
    patience = _Patience(limit)
    token = _running.set(patience)
    try:
        yield patience
    finally:
        _running.reset(token)
        if outer is not None:
            # Whoever waits for the caller waits for this call too.
            outer.wait(min(patience.spent, limit))


class NetworkHttp:
    """`providers.http.Http` without sockets."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen, and the signature of the protocol
    ) -> Reply:
        """One call; CallFailedError as on a real network."""
        answer, elapsed = self._network.send(
            Request(method, url, headers or {}, body or b""), limits
        )
        lower = {name.lower(): value for name, value in answer.headers}
        return Reply(answer.status, lower, answer.body, elapsed)


class _Adapter(BaseAdapter):
    """Carries the calls of a `requests.Session` into the network."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network
        self._build = HTTPAdapter().build_response

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """One call; ConnectionError and ReadTimeout as on a real network."""
        body = request.body or b""
        sent = Request(
            str(request.method),
            str(request.url),
            dict(request.headers),
            body.encode() if isinstance(body, str) else bytes(body),
        )
        limits = Limits(read=_read_limit(options.get("timeout")), size=1 << 26)
        try:
            answer, _elapsed = self._network.send(sent, limits)
        except CallFailedError as fault:
            kind = requests.ReadTimeout if fault.reason == "slow" else requests.ConnectionError
            raise kind(str(fault), request=request) from fault
        return self._build(request, _raw(sent.method, answer))

    def close(self) -> None:
        """Nothing is open."""


class _Received(BytesIO):
    """The place where `requests` reads cookies from."""

    def __init__(self, headers: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.msg = Message()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        """As `http.client.HTTPResponse` tells it."""
        return self.closed


def _raw(method: str, answer: Answer) -> HTTPResponse:
    return HTTPResponse(
        body=BytesIO(answer.body),
        headers=HTTPHeaderDict(answer.headers),
        status=answer.status,
        original_response=_Received(answer.headers),  # type: ignore[arg-type]  # as much of it as is read
        preload_content=False,
        request_method=method,
    )


def _read_limit(timeout: Any) -> float:
    """Seconds to read, out of what `requests` calls a timeout: one figure, or two, or None."""
    read: float | None = timeout[-1] if isinstance(timeout, tuple) else timeout
    return _DEFAULT_READ if read is None else float(read)
