"""
How the client proves who it is at the token and PAR endpoints (OpenID Connect Core §9).

Strict on purpose: one way at a time, only the ways of the dialect, and an assertion whose
audience is this issuer and nothing else (the audience injection of 2025).
"""

import hmac
from collections.abc import Mapping
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.errors import JoseError
from werkzeug import Request

from mock_idps.errors import InvalidClientError
from mock_idps.issuer import Issuer

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def authenticate(issuer: Issuer, request: Request) -> None:
    """Raise InvalidClientError unless the request is proven to come from the registered client."""
    form = request.form
    ways = {
        "client_secret_basic": request.authorization is not None
        and request.authorization.type == "basic",
        "client_secret_post": "client_secret" in form,
        "private_key_jwt": "client_assertion" in form,
    }
    used = [way for way, present in ways.items() if present]
    if len(used) != 1:
        raise InvalidClientError("Exactly one way of client authentication is wanted.")
    if used[0] not in issuer.dialect.client_auth:
        raise InvalidClientError(f"{used[0]} is not accepted here.")
    if used[0] == "private_key_jwt":
        _check_assertion(issuer, form)
    else:
        _check_secret(issuer, request)
    if form.get("client_id", issuer.settings.client_id) != issuer.settings.client_id:
        raise InvalidClientError("client_id names another client.")


def _check_secret(issuer: Issuer, request: Request) -> None:
    basic = request.authorization
    if basic is not None:
        # RFC 6749 §2.3.1: both parts are form-encoded before Base64.
        name = unquote_plus(basic.username or "")
        secret = unquote_plus(basic.password or "")
    else:
        name, secret = request.form.get("client_id", ""), request.form["client_secret"]
    same = hmac.compare_digest(secret.encode(), issuer.settings.client_secret.encode())
    if name != issuer.settings.client_id or not same:
        raise InvalidClientError("The client or its secret is wrong.")


def _check_assertion(issuer: Issuer, form: Mapping[str, str]) -> None:
    """Verify the assertion (RFC 7523 §3): key, subject, audience, lifetime, used once."""
    key = issuer.settings.client_key("sig")
    if key is None or form.get("client_assertion_type") != _ASSERTION:
        raise InvalidClientError("The assertion type is wrong, or no key is registered.")
    try:
        token = jwt.decode(form["client_assertion"], key, algorithms=["ES256", "RS256"])
    except (JoseError, ValueError) as unreadable:
        raise InvalidClientError("The assertion is not signed by the client.") from unreadable
    claims = token.claims
    client = issuer.settings.client_id
    if claims.get("iss") != client or claims.get("sub") != client:
        raise InvalidClientError("The assertion is not about the client.")
    if claims.get("aud") not in (issuer.settings.issuer, [issuer.settings.issuer]):
        raise InvalidClientError("The audience of the assertion must be this issuer alone.")
    _check_lifetime(issuer, claims)


def _check_lifetime(issuer: Issuer, claims: Mapping[str, object]) -> None:
    expires, jti = claims.get("exp"), claims.get("jti")
    if not isinstance(expires, int | float) or not issuer.now < expires <= issuer.now + 600:
        raise InvalidClientError("The assertion is too old, or lives too long.")
    if not isinstance(jti, str) or not issuer.assertions.claim(jti, value=True):
        raise InvalidClientError("The assertion was used before.")
