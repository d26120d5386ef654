"""The userinfo endpoint (OpenID Connect Core §5.3): JSON, or a signed JWT where promised."""

from typing import Any

from flask import Blueprint, jsonify, make_response, request
from werkzeug import Response

from mock_idps.claims import in_old_names, shared_traits
from mock_idps.errors import InvalidBearerError
from mock_idps.faults.draft import Draft, without_ellipses
from mock_idps.faults.fault import Liar, Where, lie
from mock_idps.id_tokens import subject_of
from mock_idps.issuer import Issuer, here
from mock_idps.keys import sealed
from mock_idps.records import Grant

views = Blueprint("userinfo", __name__)


@views.route("/userinfo", methods=["GET", "POST"])
def userinfo() -> Response:
    """The claims of the person behind a bearer token, as far as the scopes open them."""
    issuer = here()
    bearer = request.authorization
    token = bearer.token if bearer and bearer.type == "bearer" else None
    grant = issuer.tokens.get(token)
    if grant is None:
        raise InvalidBearerError("The access token is unknown or too old.")
    return lie(grant.fault, Where.USERINFO, _honest(issuer, grant), _liar(issuer, grant))


def _honest(issuer: Issuer, grant: Grant) -> Response:
    claims = _claims(issuer, grant)
    if not issuer.dialect.signed_userinfo:
        return jsonify(claims)
    key = issuer.keys.signing
    envelope = {"iss": issuer.settings.issuer, "aud": issuer.settings.client_id, **claims}
    header = {"alg": issuer.keys.alg, "kid": key.kid, "typ": "JWT"}
    honest: Draft | None = Draft(header, envelope, key)
    draft = lie(grant.fault, Where.SIGNED_USERINFO, honest, _liar(issuer, grant))
    if draft is None:
        return jsonify(claims)
    response = make_response(sealed(draft.header, draft.claims, draft.key))
    response.content_type = "application/jwt"
    return response


def _claims(issuer: Issuer, grant: Grant) -> dict[str, Any]:
    """Subject and traits, under the names of the dialect."""
    traits = shared_traits(grant.person.traits, grant.asked.scopes)
    claims = without_ellipses({"sub": subject_of(issuer, grant), **traits})
    claims = lie(grant.fault, Where.CLAIMS, claims, _liar(issuer, grant))
    return in_old_names(claims) if issuer.dialect.old_claims else claims


def _liar(issuer: Issuer, grant: Grant) -> Liar:
    return issuer.liar(grant.asked, grant.person.persona)
