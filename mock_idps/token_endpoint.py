"""The token endpoint (RFC 6749 §4.1.3): a code, once, against an access token and an ID token."""

import hashlib
import hmac

from flask import Blueprint, jsonify, request
from werkzeug import Response

from mock_idps.clients import authenticate
from mock_idps.errors import RefusedError
from mock_idps.faults.fault import Where, lie
from mock_idps.id_tokens import id_token
from mock_idps.issuer import TOKEN_SECONDS, Issuer, here
from mock_idps.keys import unpadded
from mock_idps.records import Grant

views = Blueprint("token", __name__)


@views.post("/token")
def token() -> Response:
    """Redeem a code; every refusal is an OAuth error in JSON."""
    issuer = here()
    authenticate(issuer, request)
    if request.form.get("grant_type") != "authorization_code":
        raise RefusedError("unsupported_grant_type", "Only authorization_code is served.")
    grant = _redeemed(issuer, request.form.get("code", ""))
    _same_redirect_uri(grant)
    _proven_verifier(grant)
    honest = _tokens(issuer, grant, request.form["code"])
    return lie(grant.fault, Where.TOKEN, honest, issuer.liar(grant.asked))


def _redeemed(issuer: Issuer, code: str) -> Grant:
    """What the code stands for; a second use also kills the first token (RFC 9700 §4.5)."""
    grant = issuer.codes.take(code)
    if grant is None:
        issuer.tokens.take(issuer.spent.take(code))
        raise RefusedError("invalid_grant", "The code is unknown, used or too old.")
    return grant


def _same_redirect_uri(grant: Grant) -> None:
    if request.form.get("redirect_uri") != grant.asked.redirect_uri:
        raise RefusedError("invalid_grant", "redirect_uri differs from the request.")


def _proven_verifier(grant: Grant) -> None:
    """Compare verifier and challenge (RFC 7636 §4.6); one without the other is refused."""
    verifier, challenge = request.form.get("code_verifier"), grant.asked.challenge
    if verifier is None and challenge is None:
        return
    if verifier is None or challenge is None:
        raise RefusedError("invalid_grant", "Challenge and verifier go together.")
    digest = unpadded(hashlib.sha256(verifier.encode()).digest())
    if not hmac.compare_digest(digest, challenge.encode()):
        raise RefusedError("invalid_grant", "The verifier does not match the challenge.")


def _tokens(issuer: Issuer, grant: Grant, code: str) -> Response:
    access_token = issuer.outside.token()
    issuer.tokens.put(access_token, grant)
    issuer.spent.put(code, access_token)
    return jsonify(
        access_token=access_token,
        token_type="Bearer",  # noqa: S106 - the word of RFC 6750
        expires_in=TOKEN_SECONDS,
        scope=" ".join(grant.asked.scopes),
        id_token=id_token(issuer, grant, access_token),
    )
