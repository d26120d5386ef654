"""Logout at the wish of the service (OpenID Connect RP-Initiated Logout 1.0)."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from werkzeug import Response

from mock_idps.errors import ShownError
from mock_idps.issuer import Issuer, here
from mock_idps.pages import page

views = Blueprint("logout", __name__)


@views.route("/logout", methods=["GET", "POST"])
def logout() -> Response:
    """
    End the session of this browser.

    At once when the service proves with an ID token whom it means; otherwise the person is asked,
    since anybody may send a browser here.
    """
    issuer = here()
    if not issuer.dialect.logout:
        abort(404)
    return_to = _return_address(issuer)
    if _meant(issuer) or request.form.get("do") == "confirm":
        return _ended(issuer, return_to)
    return page("logout.html", kept=request.values)


def _return_address(issuer: Issuer) -> str | None:
    """The registered address to go back to, or None (RP-Initiated Logout §3)."""
    address = request.values.get("post_logout_redirect_uri")
    if address is None:
        return None
    if address not in issuer.settings.post_logout_redirect_uris:
        raise ShownError("The return address of this service is not registered here.")
    state = request.values.get("state")
    return f"{address}?{urlencode({'state': state})}" if state else address


def _meant(issuer: Issuer) -> bool:
    """Whether a valid ID token, however old, names the person of this browser's session."""
    hint = request.values.get("id_token_hint")
    if not hint:
        return False
    claims = _own_token(issuer, hint)
    person = issuer.sessions.get(request.cookies.get(issuer.cookie))
    return person is None or person.subject == claims.get("sub")


def _own_token(issuer: Issuer, hint: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(issuer.keys.jwks())  # type: ignore[arg-type]  # a JWKS is a dict
    try:
        claims: dict[str, Any] = jwt.decode(hint, keys, algorithms=[issuer.keys.alg]).claims
    except (JoseError, ValueError) as unreadable:
        raise ShownError("The logout request does not come from a sign-in here.") from unreadable
    client = issuer.settings.client_id
    if claims.get("iss") != issuer.settings.issuer or claims.get("aud") != client:
        raise ShownError("The logout request does not come from a sign-in here.")
    return claims


def _ended(issuer: Issuer, return_to: str | None) -> Response:
    issuer.sessions.take(request.cookies.get(issuer.cookie))
    response = redirect(return_to) if return_to else page("logged_out.html")
    response.delete_cookie(issuer.cookie)
    return response
