"""One service, as the authorization server sees it."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin

from broker.settings.clients import ClientSettings


def hash_secret(secret: str) -> str:
    """How a client secret is stored; at least 32 random characters need no slow hash."""
    return hashlib.sha256(b"client-secret:" + secret.encode("utf-8", "replace")).hexdigest()


def same_secret(presented: str, stored: str | None) -> bool:
    """Whether a presented secret is the stored one, compared in constant time."""
    if stored is None or not presented:
        return False
    return hmac.compare_digest(hash_secret(presented), stored)


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):  # type: ignore[misc]  # Authlib publishes no types
    """A registered service; the methods are those Authlib's server asks for."""

    settings: ClientSettings
    secret_hash: str | None

    @classmethod
    def declared(cls, settings: ClientSettings) -> "Client":
        """A service declared in config.toml; the plain secret is not kept."""
        secret = settings.client_secret
        bare = settings.model_copy(update={"client_secret": None})
        return cls(bare, hash_secret(secret) if secret else None)

    @property
    def client_id(self) -> str:
        """The identifier in requests and in `aud`."""
        return self.settings.client_id

    @property
    def wants_account(self) -> bool:
        """Whether a login for this service matches the person to the insured registry."""
        return self.settings.account == "insured"

    @property
    def userinfo_alg(self) -> str | None:
        """How userinfo is signed: as registered; always in the franceconnect profile."""
        settings = self.settings
        encrypted = settings.userinfo_encrypted_alg is not None
        default = "ES256" if settings.franceconnect or encrypted else None
        return settings.userinfo_signed_alg or default

    def get_client_id(self) -> str:
        """The same, for Authlib."""
        return self.settings.client_id

    def get_default_redirect_uri(self) -> None:
        """There is no default: the redirect URI is always required."""
        return

    def get_allowed_scope(self, scope: str | None) -> str:
        """The part of a space separated list that this service may ask for."""
        return " ".join(self.granted((scope or "").split()))

    def granted(self, scopes: Iterable[str]) -> tuple[str, ...]:
        """The scopes of the list that this service may ask for."""
        return tuple(scope for scope in scopes if scope in self.settings.scopes)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Exact comparison, character by character (RFC 9700 §2.1)."""
        return redirect_uri in self.settings.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is the secret of this service, compared in constant time."""
        return same_secret(client_secret, self.secret_hash)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """One method per client, as registered, at every endpoint."""
        del endpoint
        return method == self.settings.client_auth

    def check_response_type(self, response_type: str) -> bool:
        """Codes only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Codes for every service, client credentials where the settings allow."""
        if grant_type == "client_credentials":
            return self.settings.back_channel
        return grant_type == "authorization_code"
