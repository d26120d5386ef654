"""
Calls to the broker: limited in time and size, never redirected, never authenticated by accident.

The adapters come from outside; the bounds are put around them here, so that no caller can forget.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any, TypeVar

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from relying_party_demo.openid.errors import BrokerAwayError, UnverifiedAnswerError

CONNECT_SECONDS, READ_SECONDS = 2.0, 6.0
MOST_BYTES = 64 * 1024

Session = TypeVar("Session", bound=requests.Session)


class BoundedAdapter(BaseAdapter):
    """Another adapter, with a time-out, a size limit and no redirect."""

    def __init__(self, carrier: BaseAdapter) -> None:
        super().__init__()
        self._carrier = carrier

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - the signature is that of requests
        timeout: Any = None,  # noqa: ARG002 - the signature is that of requests
        verify: Any = True,  # noqa: FBT002 - the signature is that of requests
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The whole answer, at most MOST_BYTES of it; ConnectionError otherwise."""
        limits = (CONNECT_SECONDS, READ_SECONDS)
        received = self._carrier.send(
            request, stream=True, timeout=limits, verify=verify, cert=cert, proxies=proxies
        )
        try:
            return _whole(received)
        finally:
            received.close()

    def close(self) -> None:
        """The carrier belongs to the caller, who closes it."""


def equip(session: Session, http: requests.Session) -> Session:
    """Let `session` call through the adapters of `http`, bounded."""
    session.trust_env = False  # a netrc file would replace the bearer token (requests issue 3929)
    session.verify, session.cert, session.proxies = http.verify, http.cert, http.proxies
    session.adapters.clear()
    for prefix, adapter in http.adapters.items():
        session.mount(prefix, BoundedAdapter(adapter))
    return session


@contextmanager
def no_answer(asked: str) -> Iterator[None]:
    """Whatever goes wrong on the way to the broker is one event for the person."""
    try:
        yield
    except requests.RequestException as fault:
        raise BrokerAwayError(f"{asked}: {type(fault).__name__}") from fault


def check_status(response: requests.Response, asked: str) -> None:
    """Nothing on 200; BrokerAwayError when asking again may help, else UnverifiedAnswerError."""
    status = response.status_code
    if status >= requests.codes.server_error or status == requests.codes.too_many_requests:
        raise BrokerAwayError(f"{asked}: HTTP {status}")
    if status != requests.codes.ok:
        raise UnverifiedAnswerError(f"{asked}: HTTP {status}")


def json_object(response: requests.Response, asked: str) -> dict[str, Any]:
    """The JSON object of a 200 answer; BrokerAwayError, UnverifiedAnswerError otherwise."""
    check_status(response, asked)
    try:
        document = response.json()
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise UnverifiedAnswerError(f"{asked}: no JSON object")
    return document


def _whole(received: requests.Response) -> requests.Response:
    if received.is_redirect:
        raise requests.ConnectionError("the broker's endpoints do not redirect")
    body = bytearray()
    for piece in received.iter_content(MOST_BYTES):
        body += piece
        if len(body) > MOST_BYTES:
            raise requests.ConnectionError(f"more than {MOST_BYTES} bytes")
    answer = requests.Response()
    answer.status_code, answer.reason = received.status_code, received.reason
    answer.headers = CaseInsensitiveDict(received.headers)
    answer.url, answer.request = received.url, received.request
    answer.encoding, answer.raw = received.encoding, BytesIO(bytes(body))
    return answer
