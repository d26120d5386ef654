"""The inspector: the last requests this provider received, without their secrets."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping

from flask import Flask, request
from werkzeug import Response
from werkzeug.exceptions import RequestEntityTooLarge

from mock_idps.issuer import Issuer
from mock_idps.records import Received

_HIDDEN = "•••"
_SECRETS = {"client_secret", "password"}
_HEADERS = ("Authorization", "Content-Type", "User-Agent", "X-Mock-Persona", "Accept")
_UNSEEN = ("/_control", "/static", "/style.css", "/healthz")


def mount_inspector(app: Flask, issuer: Issuer) -> None:
    """Record every request of the protocol and of the pages with the status of its answer."""

    def record(response: Response) -> Response:
        if not request.path.startswith(_UNSEEN):
            issuer.received.add(_received(issuer, response))
        return response

    app.after_request(record)


def _received(issuer: Issuer, response: Response) -> Received:
    return Received(
        at=issuer.outside.clock(),
        method=request.method,
        path=request.path,
        query=_without_secrets(request.args),
        form=_without_secrets(_form()),
        headers={name: _header(name) for name in _HEADERS if name in request.headers},
        status=response.status_code,
    )


def _form() -> Mapping[str, str]:
    """The form, or nothing when it is too long to be read."""
    try:
        return request.form
    except RequestEntityTooLarge:
        return {}


def _without_secrets(values: Mapping[str, str]) -> dict[str, str]:
    return {name: _shown(name, value) for name, value in values.items()}


def _shown(name: str, value: str) -> str:
    if name in _SECRETS:
        return _HIDDEN
    return _payload(value) if name == "client_assertion" else value[:2_000]


def _payload(assertion: str) -> str:
    """The claims of an assertion, its signature left out, so that it cannot be used again."""
    try:
        middle = assertion.split(".")[1]
        claims = json.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError):
        return _HIDDEN
    return json.dumps(claims, sort_keys=True)


def _header(name: str) -> str:
    value = request.headers[name]
    return f"{value.split(' ', 1)[0]} {_HIDDEN}" if name == "Authorization" else value[:300]
