"""
Lies told by the published documents: the keys and the discovery.

A client fetches them for nobody's login in particular. A fault of the keys therefore signs the
ID token of its login with a key published just then, which makes the client fetch, and the very
next answer of the JWKS endpoint is the lie; a fault of the discovery meets its very next request.
"""

from collections.abc import Callable
from typing import Any

from flask import jsonify
from werkzeug import Response as AnyResponse

from mock_idps.faults.endpoints import failing, garbage, huge
from mock_idps.faults.fault import Ends, Fault, Liar, Where

_KEEP_KEYS = "Refuse this login; keep the last good keys for everybody else."
_KEEP_DOCUMENT = (
    "Refuse the document; keep the last good one, or name this provider as out of order."
)


def _without_kid(honest: AnyResponse, _: Liar) -> AnyResponse:
    keys: list[dict[str, Any]] = (honest.get_json() or {})["keys"]
    return jsonify(
        keys=[{name: value for name, value in key.items() if name != "kid"} for key in keys]
    )


def _metadata(**changes: str) -> Callable[[AnyResponse, Liar], AnyResponse]:
    def act(honest: AnyResponse, _: Liar) -> AnyResponse:
        return jsonify({**(honest.get_json() or {}), **changes})

    return act


JWKS = (
    Fault(
        "jwks_empty",
        Where.JWKS,
        "Publishes no key.",
        _KEEP_KEYS,
        lambda _, __: jsonify(keys=[]),
    ),
    Fault(
        "jwks_without_kid",
        Where.JWKS,
        "Publishes its keys without their names.",
        "Refuse: the key the token names is not there, and guessing is no verification.",
        _without_kid,
    ),
    Fault("jwks_500", Where.JWKS, "Fails to publish its keys (500).", _KEEP_KEYS, failing(500)),
    Fault("jwks_huge", Where.JWKS, "Publishes one megabyte of keys.", _KEEP_KEYS, huge),
    Fault(
        "jwks_rotated",
        Where.JWKS,
        "Signs with a key published just now.",
        "Fetch the keys once more and accept.",
        lambda honest, _: honest,
        Ends.GOES_ON,
    ),
)

DISCOVERY = (
    Fault(
        "discovery_other_issuer",
        Where.DISCOVERY,
        "The next discovery document names another issuer.",
        _KEEP_DOCUMENT,
        _metadata(issuer="https://other.example"),
        only="discovery",
    ),
    Fault(
        "discovery_500",
        Where.DISCOVERY,
        "The next discovery request fails (500).",
        _KEEP_DOCUMENT,
        failing(500),
        only="discovery",
    ),
    Fault(
        "discovery_garbage",
        Where.DISCOVERY,
        "The next discovery document cannot be read.",
        _KEEP_DOCUMENT,
        garbage,
        only="discovery",
    ),
)
