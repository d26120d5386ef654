"""ID tokens that come back as hints: ours, whatever their age (OIDC Core §3.1.2.1)."""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from broker.clients.client import Client
from broker.clients.signed import protected_header
from broker.errors import IdTokenHintError
from broker.keys.ring import ALGORITHMS, KeyRing


class IdTokenHints:
    """Recognises the ID tokens of this issuer; an expired one still names its person."""

    def __init__(self, keys: KeyRing, issuer: str) -> None:
        self._keys, self._issuer = keys, issuer

    def claims(self, hint: str) -> Mapping[str, Any] | None:
        """The claims of an ID token we signed, None for anything else."""
        try:
            protected_header(hint, IdTokenHintError)
            token = jwt.decode(hint, self._keys.verification_set(), algorithms=list(ALGORITHMS))
        except (IdTokenHintError, JoseError, ValueError, TypeError):
            return None
        claims = token.claims
        known = claims.get("iss") == self._issuer and token.header.get("typ") == "JWT"
        return claims if known else None

    def sub(self, hint: str | None, client: Client) -> str | None:
        """The person a service means; the hint must have been issued to this service."""
        if hint is None:
            return None
        claims = self.claims(hint)
        if claims is None or claims.get("aud") != client.client_id:
            raise IdTokenHintError(
                parameter="id_token_hint", detail="was not issued by us to this service"
            )
        return str(claims.get("sub"))
