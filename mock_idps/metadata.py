"""Discovery, published keys, and the sign of life."""

from typing import Any

from flask import Blueprint, abort, jsonify
from werkzeug import Response

from mock_idps.faults.fault import Where, lie
from mock_idps.issuer import Issuer, here

views = Blueprint("metadata", __name__)


@views.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """The provider metadata (OpenID Connect Discovery §3); 404 in a dialect without it."""
    issuer = here()
    if not issuer.dialect.discovery:
        abort(404)
    fault = issuer.armed_fault(Where.DISCOVERY)
    return lie(fault, Where.DISCOVERY, jsonify(described(issuer)), issuer.liar())


@views.get("/jwks")
def jwks() -> Response:
    """The public keys (RFC 7517 §5)."""
    issuer = here()
    fault = issuer.armed_fault(Where.JWKS)
    return lie(fault, Where.JWKS, jsonify(issuer.keys.jwks()), issuer.liar())


@views.get("/healthz")
def healthz() -> Response:
    """Alive."""
    return jsonify(status="ok", issuer=here().settings.issuer)


def described(issuer: Issuer) -> dict[str, Any]:
    """The metadata of this issuer, honestly."""
    dialect = issuer.dialect
    document: dict[str, Any] = {
        "issuer": issuer.settings.issuer,
        "authorization_endpoint": issuer.url("/authorize"),
        "token_endpoint": issuer.url("/token"),
        "userinfo_endpoint": issuer.url("/userinfo"),
        "jwks_uri": issuer.url("/jwks"),
        "pushed_authorization_request_endpoint": issuer.url("/par"),
        "require_pushed_authorization_requests": dialect.requires_par,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "profile", "birth", "email"],
        "acr_values_supported": list(dialect.levels),
        "id_token_signing_alg_values_supported": [dialect.signing_alg],
        "token_endpoint_auth_methods_supported": list(dialect.client_auth),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "ui_locales_supported": ["fr", "en"],
    }
    return {**document, **_promises(issuer)}


def _promises(issuer: Issuer) -> dict[str, Any]:
    """What only some dialects offer."""
    dialect = issuer.dialect
    promises: dict[str, Any] = {}
    if dialect.logout:
        promises["end_session_endpoint"] = issuer.url("/logout")
    if dialect.signed_userinfo:
        promises["userinfo_signing_alg_values_supported"] = [dialect.signing_alg]
    if dialect.encrypted_id_token:
        promises["id_token_encryption_alg_values_supported"] = ["ECDH-ES+A256KW", "RSA-OAEP-256"]
        promises["id_token_encryption_enc_values_supported"] = ["A256GCM"]
    if "private_key_jwt" in dialect.client_auth:
        promises["token_endpoint_auth_signing_alg_values_supported"] = ["ES256", "RS256"]
    return promises
