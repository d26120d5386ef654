"""What one service registers: in `[clients.<id>]`, by the command line, or in a file to import."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, model_validator

MIN_SECRET = 32

Secret = Annotated[str, Field(min_length=MIN_SECRET, max_length=512)]
SigningAlg = Literal["ES256", "RS256"]
EncryptionAlg = Literal["ECDH-ES", "RSA-OAEP-256"]
AuthMethod = Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
_FRANCECONNECT_METHODS = frozenset({"client_secret_post", "private_key_jwt"})


class ClientSettings(BaseModel):
    """
    One service.

    `profile` "franceconnect" restricts it to what FranceConnect v2 accepts. `account` "insured"
    makes each login match the person to the registry. `consent` "information" is for public
    services, "explicit" asks with a box. `optional_claims` may be unticked by the person. `jwks`
    (or `jwks_uri`) holds the public keys of the service: for private_key_jwt, for signed requests
    and for what is encrypted to it. `legacy_assertion_audience` tolerates the token endpoint as
    audience of its assertions. `identity_checks` makes it a provider of identities, which may ask
    the insured domain whose account a NIR and a password open, and nothing else of the classic way.
    `providers_allowed` None means all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=120)]
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._~-]{3,255}$")]
    client_secret: Secret | None = None
    client_auth: AuthMethod = "client_secret_basic"
    profile: Literal["openid", "franceconnect"] = "openid"
    redirect_uris: Annotated[tuple[str, ...], Field(min_length=1)]
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    scopes: tuple[str, ...] = ("openid",)
    require_pkce: bool = False
    require_par: bool = False
    account: Literal["insured"] | None = None
    consent: Literal["information", "explicit"] = "explicit"
    optional_claims: tuple[str, ...] = ()
    purpose_fr: str = ""
    purpose_en: str = ""
    home_url: str | None = None
    no_account_url: str | None = None
    sector_identifier: str | None = None
    back_channel: bool = False
    identity_checks: bool = False
    jwks: dict[str, Any] | None = None
    jwks_uri: str | None = None
    legacy_assertion_audience: bool = False
    id_token_signed_alg: SigningAlg = "ES256"  # noqa: S105 - the name of an algorithm
    id_token_encrypted_alg: EncryptionAlg | None = None
    userinfo_signed_alg: SigningAlg | None = None
    userinfo_encrypted_alg: EncryptionAlg | None = None
    cors_origins: tuple[str, ...] = ()
    providers_allowed: tuple[str, ...] | None = None
    providers_denied: tuple[str, ...] = ()
    disabled: bool = False

    @model_validator(mode="after")
    def _coherent(self) -> "ClientSettings":
        found = list(_incoherences(self))
        if found:
            raise ValueError("; ".join(found))
        return self

    @property
    def franceconnect(self) -> bool:
        """Whether this service is held to the franceconnect profile."""
        return self.profile == "franceconnect"


class DataProviderSettings(BaseModel):
    """
    `[data_providers.<id>]`: a holder of data that services call with the person's token.

    `scopes` are those it owns; `sector` names whose `sub` it receives; the answer is signed, then
    encrypted for its key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=120)]
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._~-]{3,255}$")]
    client_secret: Secret
    scopes: tuple[str, ...] = ()
    sector: Annotated[str, Field(min_length=1)]
    jwks: dict[str, Any] | None = None
    jwks_uri: str | None = None
    signed_alg: SigningAlg = "ES256"
    encrypted_alg: EncryptionAlg = "ECDH-ES"

    @model_validator(mode="after")
    def _has_keys(self) -> "DataProviderSettings":
        if self.jwks is None and self.jwks_uri is None:
            raise ValueError("jwks: the answer is encrypted, which needs the data provider's key")
        found = list(_key_set_problems(self.jwks))
        if found:
            raise ValueError("; ".join(found))
        return self


def _key_set_problems(jwks: dict[str, Any] | None) -> Iterator[str]:
    if jwks is None:
        return
    try:
        KeySet.import_key_set(jwks)  # type: ignore[arg-type]  # any JSON until read
    except (JoseError, ValueError, TypeError, KeyError):
        yield "jwks: is not a JSON Web Key Set (RFC 7517 §5)"
        return
    if any("d" in key or "k" in key for key in jwks["keys"]):
        yield "jwks: holds a private or a symmetric key; register public keys only"


def _incoherences(client: ClientSettings) -> Iterator[str]:
    yield from _key_set_problems(client.jwks)
    has_keys = client.jwks is not None or client.jwks_uri is not None
    encrypted = client.id_token_encrypted_alg or client.userinfo_encrypted_alg
    if (client.client_auth == "private_key_jwt" or encrypted) and not has_keys:
        yield "jwks: private_key_jwt and encryption need the keys of the service"
    if client.franceconnect and client.client_auth not in _FRANCECONNECT_METHODS:
        yield "client_auth: the franceconnect profile takes client_secret_post or private_key_jwt"
