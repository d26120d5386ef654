"""Discovery: what this issuer can do, told once (OpenID Connect Discovery 1.0 §3)."""

from typing import Any

from broker.clients.assertions import ALGORITHMS as ASSERTION_ALGORITHMS
from broker.keys.ring import ALGORITHMS
from broker.openid.checks import PROMPTS
from broker.openid.tokens import CONTENT_ENCRYPTION
from broker.settings import BrokerTable
from broker.settings.scopes import SCOPES

_METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
_PROTOCOL: dict[str, Any] = {
    "response_types_supported": ["code"],
    "response_modes_supported": ["query", "form_post"],
    "grant_types_supported": ["authorization_code", "client_credentials"],
    "code_challenge_methods_supported": ["S256"],
    "request_parameter_supported": True,
    "request_uri_parameter_supported": False,
    "require_pushed_authorization_requests": False,
    "authorization_response_iss_parameter_supported": True,
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
}
_ALGORITHMS: dict[str, Any] = {
    "id_token_signing_alg_values_supported": list(ALGORITHMS),
    "id_token_encryption_alg_values_supported": ["ECDH-ES", "RSA-OAEP-256"],
    "id_token_encryption_enc_values_supported": [CONTENT_ENCRYPTION],
    "userinfo_signing_alg_values_supported": list(ALGORITHMS),
    "userinfo_encryption_alg_values_supported": ["ECDH-ES", "RSA-OAEP-256"],
    "userinfo_encryption_enc_values_supported": [CONTENT_ENCRYPTION],
    "request_object_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
    "token_endpoint_auth_methods_supported": _METHODS,
    "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
    "introspection_endpoint_auth_methods_supported": _METHODS[:3],
    "introspection_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
    "revocation_endpoint_auth_methods_supported": _METHODS,
    "revocation_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
}


def metadata(settings: BrokerTable) -> dict[str, Any]:
    """The provider metadata; every address comes from the settings."""
    issuer = settings.issuer
    claims = {claim for opened in SCOPES.values() for claim in opened}
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "pushed_authorization_request_endpoint": f"{issuer}/par",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "introspection_endpoint": f"{issuer}/introspect",
        "revocation_endpoint": f"{issuer}/token/revocation",
        "end_session_endpoint": f"{issuer}/session/end",
        "jwks_uri": f"{issuer}/jwks",
        "scopes_supported": sorted(SCOPES),
        "claims_supported": sorted(
            {"sub", "iss", "aud", "exp", "iat", "auth_time", "acr"} | claims
        ),
        "claims_parameter_supported": True,
        "acr_values_supported": [level.value for level in settings.offered_levels],
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": ["fr", "en"],
        "subject_types_supported": ["pairwise"],
        **_PROTOCOL,
        **_ALGORITHMS,
    }
