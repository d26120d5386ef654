"""
The outgoing calls of one trip: bounded in time all together, each failure told by its own class.

No redirect is followed, no call is made twice.
"""

from collections.abc import Mapping
from typing import Any

from providers.call_faults import CallFaults
from providers.http import CallFailedError, Http, Limits, Reply
from providers.strict_json import json_object

TRIP_SECONDS = 10.0
_LIMITS = Limits()
_WHOLE_CALL = _LIMITS.connect + _LIMITS.read
_LEAST_SECONDS = 0.1
# RFC 6749 §5.2, RFC 6750 §3.1, RFC 9126 §2.3; a tuple, for an error may be of any type.
_OAUTH_ERRORS = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_token",
    "insufficient_scope",
    "server_error",
    "temporarily_unavailable",
)
_REDIRECTS = range(300, 400)


class Calls:
    """The calls of one trip over `http`; together they take at most ten seconds."""

    __slots__ = ("_http", "_left")

    def __init__(self, http: Http) -> None:
        self._http = http
        self._left = TRIP_SECONDS

    def get(self, url: str, headers: Mapping[str, str], faults: CallFaults) -> Reply:
        """The answer to a GET, of the status that means success; else a class of `faults`."""
        return self._send(url, headers, None, faults)

    def post(
        self, url: str, headers: Mapping[str, str], form: str, faults: CallFaults
    ) -> dict[str, Any]:
        """The JSON object that answers an encoded form, or a class of `faults`."""
        return read_object(self._send(url, headers, form.encode("ascii"), faults), faults)

    def _send(
        self, url: str, headers: Mapping[str, str], body: bytes | None, faults: CallFaults
    ) -> Reply:
        if self._left < _LEAST_SECONDS:
            raise faults.slow()
        method, limits = "GET" if body is None else "POST", self._limits()
        try:
            reply = self._http.send(method, url, headers=headers, body=body, limits=limits)
        except CallFailedError as failed:
            raise _told(failed, faults) from failed
        self._left -= reply.elapsed
        if len(reply.body) > limits.size:
            raise faults.too_large(size=len(reply.body))
        if reply.status in _REDIRECTS:
            raise faults.redirect(status=reply.status)
        if reply.status != faults.success:
            raise faults.status(reply.status, _error_code(reply))
        return reply

    def _limits(self) -> Limits:
        if self._left >= _WHOLE_CALL:
            return _LIMITS
        connect = min(_LIMITS.connect, self._left / 2)
        return Limits(connect=connect, read=min(_LIMITS.read, self._left - connect))


def _told(failed: CallFailedError, faults: CallFaults) -> Exception:
    kinds = {"slow": faults.slow, "large": faults.too_large, "forbidden": faults.forbidden}
    return kinds.get(failed.reason, faults.unreachable)()


def read_object(reply: Reply, faults: CallFaults) -> dict[str, Any]:
    """The JSON object in the body, or `faults.not_json`."""
    try:
        return json_object(reply.body)
    except ValueError as unreadable:
        raise faults.not_json(size=len(reply.body)) from unreadable


def _error_code(reply: Reply) -> str:
    """The `error` of an OAuth refusal, for the log only: a registered word or nothing."""
    try:
        error = json_object(reply.body).get("error")
    except ValueError:
        return ""
    return error if error in _OAUTH_ERRORS else ""
