"""Discovery: what this issuer can do, told once (OpenID Connect Discovery 1.0 §3)."""

from typing import Any

from broker.clients.scopes import SCOPES
from broker.openid.checks import PROMPTS
from broker.settings import BrokerTable


def metadata(settings: BrokerTable) -> dict[str, Any]:
    """The provider metadata; every address comes from the settings."""
    issuer = settings.issuer
    claims = {claim for opened in SCOPES.values() for claim in opened}
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/session/end",
        "scopes_supported": sorted(SCOPES),
        "claims_supported": sorted(
            {"sub", "iss", "aud", "exp", "iat", "auth_time", "acr"} | claims
        ),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "acr_values_supported": [level.value for level in settings.offered_levels],
        "id_token_signing_alg_values_supported": ["ES256"],
        "userinfo_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": ["fr", "en"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
    }
