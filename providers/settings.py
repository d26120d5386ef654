"""
One `[providers.<id>]` table: what a provider is called, where it lives, how it must speak.

Secrets arrive resolved; a dialect's defaults fill what the table leaves out.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from providers.claims import ClaimsMapping
from providers.keys import assertion_alg, private_key
from providers.kinds import KINDS
from providers.levels import Level

MIN_SECRET = 32
RESERVED_PARAMETERS = frozenset(
    {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "acr_values",
        "max_age",
        "prompt",
        "ui_locales",
        "login_hint",
        "request",
        "request_uri",
        "response_mode",
    }
)
ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "par_endpoint",
    "end_session_endpoint",
)


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("must be an absolute http(s) address without a user name")
    if not text.isascii() or not text.isprintable() or " " in text or "#" in text:
        raise ValueError("must be plain ASCII without a fragment")
    return text


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"must be one of {', '.join(KINDS)}")
    return kind


def _readable_key(text: str) -> str:
    private_key(text)
    return text


Address = Annotated[str, AfterValidator(_web_address)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=255)]
SecretText = Annotated[str, StringConstraints(min_length=MIN_SECRET)]
KeyText = Annotated[str, AfterValidator(_readable_key)]
Algorithm = Literal["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"]


class ProviderSettings(BaseModel):
    """
    The settings of one provider.

    `kind` names a dialect, `oidc` for an ordinary provider. `levels` are those it may vouch for;
    `acr` its own names for them. `client_key` and `decryption_key` are private keys, a JWK in
    JSON or a PEM. `account_claim` names the claim that holds the insured account, for the provider
    that keeps such accounts. `confirm` asks the person once more before leaving; `order` sorts the
    page, small first, then as written. Lifetimes are in seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
    kind: Annotated[str, AfterValidator(_known_kind)] = "oidc"

    label: Word
    need_fr: str = ""
    need_en: str = ""
    notice_fr: str = ""
    notice_en: str = ""
    order: int = 0
    beta: bool = False
    disabled: bool = False
    hidden: bool = False
    confirm: bool = False

    issuer: Address
    client_id: Word
    client_auth: Literal["client_secret_basic", "client_secret_post", "private_key_jwt"] = (
        "client_secret_basic"
    )
    client_secret: SecretText | None = Field(default=None, repr=False)
    client_key: KeyText | None = Field(default=None, repr=False)
    decryption_key: KeyText | None = Field(default=None, repr=False)

    discovery: bool = True
    authorization_endpoint: Address | None = None
    token_endpoint: Address | None = None
    userinfo_endpoint: Address | None = None
    jwks_uri: Address | None = None
    par_endpoint: Address | None = None
    end_session_endpoint: Address | None = None
    discovery_seconds: Annotated[int, Field(ge=60, le=86400)] = 3600
    jwks_seconds: Annotated[int, Field(ge=60, le=86400)] = 3600

    levels: Annotated[frozenset[Level], Field(min_length=1)]
    acr: Mapping[Level, Word] = Field(default_factory=dict)
    scope: str = "openid profile birth email"
    id_token_alg: Algorithm = "ES256"  # noqa: S105 - the name of an algorithm
    id_token_encrypted: bool = False
    userinfo: Literal["json", "jwt", "none"] = "json"
    userinfo_alg: Algorithm | None = None
    userinfo_encrypted: bool = False
    par: bool = False
    pkce: bool = True
    iss_in_answer: bool = False
    logout: bool = False
    account_claim: Word | None = None
    authorization_params: Mapping[str, str] = Field(default_factory=dict)
    claims: ClaimsMapping = ClaimsMapping()

    @model_validator(mode="before")
    @classmethod
    def _with_dialect(cls, table: Any) -> Any:
        if not isinstance(table, Mapping):
            return table
        dialect = KINDS.get(str(table.get("kind", "oidc")))
        defaults = dialect.defaults if dialect else {}
        merged = {**defaults, **table}
        if isinstance(table.get("claims", {}), Mapping) and "claims" in merged:
            merged["claims"] = {**defaults.get("claims", {}), **table.get("claims", {})}
        return merged

    @model_validator(mode="after")
    def _coherent(self) -> "ProviderSettings":
        found = [*_secret_problems(self), *_address_problems(self), *_speech_problems(self)]
        if found:
            raise ValueError("; ".join(found))
        return self

    @property
    def addresses(self) -> Mapping[str, str]:
        """Every address of the table by key, issuer first."""
        named = {key: getattr(self, key) for key in ("issuer", *ENDPOINTS)}
        return {key: address for key, address in named.items() if address is not None}

    @property
    def secrets(self) -> Mapping[str, str]:
        """Every secret of the table by key."""
        named = {k: getattr(self, k) for k in ("client_secret", "client_key", "decryption_key")}
        return {key: secret for key, secret in named.items() if secret is not None}


def _secret_problems(settings: ProviderSettings) -> Iterator[str]:
    if settings.client_auth == "private_key_jwt":
        if settings.client_key is None:
            yield "client_key: is required by client_auth = 'private_key_jwt'"
        elif assertion_alg(private_key(settings.client_key)) is None:
            yield "client_key: must be an RSA key, or an EC key on P-256, P-384 or P-521"
    elif settings.client_secret is None:
        yield f"client_secret: is required by client_auth = {settings.client_auth!r}"
    for key in ("id_token_encrypted", "userinfo_encrypted"):
        if getattr(settings, key) and settings.decryption_key is None:
            yield f"decryption_key: is required by {key}"


def _address_problems(settings: ProviderSettings) -> Iterator[str]:
    needed = ["authorization_endpoint", "token_endpoint", "jwks_uri"]
    needed += ["userinfo_endpoint"] if settings.userinfo != "none" else []
    needed += ["par_endpoint"] if settings.par else []
    if not settings.discovery:
        for key in needed:
            if key not in settings.addresses:
                yield f"{key}: is required without discovery"
    if "?" in settings.issuer:
        yield "issuer: must not hold a query (OpenID Connect Discovery §2)"
    for key, address in settings.addresses.items():
        if settings.issuer.startswith("https:") and not address.startswith("https:"):
            yield f"{key}: must start with https:// as the issuer does"


def _speech_problems(settings: ProviderSettings) -> Iterator[str]:
    if "openid" not in settings.scope.split():
        yield "scope: must hold openid"
    for key in ("userinfo_alg", "userinfo_encrypted"):
        if getattr(settings, key) and settings.userinfo != "jwt":
            yield f"{key}: makes sense with userinfo = 'jwt' only"
    for name in sorted(RESERVED_PARAMETERS & set(settings.authorization_params)):
        yield f"authorization_params.{name}: is set by the broker itself"
    for level in sorted(set(settings.acr) - settings.levels):
        yield f"acr.{level}: is not one of the levels"
