"""Pushed authorization requests (RFC 9126): the request over the back channel, a reference back."""

from flask import Blueprint, jsonify, request
from werkzeug import Response

from mock_idps.authorize import AFTER_REDIRECT_URI, checked, once_each
from mock_idps.clients import authenticate
from mock_idps.errors import RefusedError, SentBackError, ShownError
from mock_idps.issuer import PUSHED_SECONDS, here

views = Blueprint("par", __name__)


@views.post("/par")
def push() -> tuple[Response, int]:
    """Keep the request for one use; every refusal is JSON (RFC 9126 §2.3)."""
    issuer = here()
    authenticate(issuer, request)
    if "request_uri" in request.form:
        raise RefusedError("invalid_request", "A pushed request holds no request_uri.")
    try:
        sent = {"client_id": issuer.settings.client_id, **once_each(request.form)}
        checked(issuer, sent)
        for check in AFTER_REDIRECT_URI:
            check(issuer, sent)
    except ShownError as refused:
        raise RefusedError("invalid_request", str(refused)) from refused
    except SentBackError as refused:
        raise RefusedError(refused.error, refused.sentence) from refused
    reference = f"urn:ietf:params:oauth:request_uri:{issuer.outside.token()}"
    issuer.pushed.put(reference, sent)
    return jsonify(request_uri=reference, expires_in=PUSHED_SECONDS), 201
