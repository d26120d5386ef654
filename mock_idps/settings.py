"""
The mocks' part of config.toml: `[mock_idps.<id>]`, read once and refused all together.

Keys of a table, beyond `issuer`, `title`, `client_id`, `client_secret`, `redirect_uris` and
`post_logout_redirect_uris`:

* `dialect`: a row of `dialects.py`, `"plain"` by default;
* `client_name`: how people know the client; the name of `[brand]` by default, then `client_id`;
* `accent`, `accent_dark`: colours of the pages, `#rrggbb`; by default one of a small palette;
* `control`: whether `/_control` answers; true by default, refused with `mode = "production"`;
* `client_jwks`: public keys of the client, a list of JWK with `use` `sig` (private_key_jwt) or
  `enc` (encrypted ID token); needed by the dialects that use them;
* `victims`: for the attacker, a list of `{ issuer, client_id, authorization_endpoint,
  token_endpoint, jwks_uri, callback }`: honest providers of the same broker, its callback there;
* `accounts`: for a provider of existing accounts, `{ url, token_endpoint, client_id,
  client_secret }`: where a NIR and a password are checked.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from mock_idps.accounts import AccountsTable
from mock_idps.dialects import DIALECTS, Dialect
from mock_idps.secret import Secret

_PALETTE = (
    ("#4a3f9e", "#b5adff"),
    ("#8a5a00", "#f0c060"),
    ("#2f6b2f", "#94d294"),
    ("#a02860", "#ff9cc4"),
    ("#0b5563", "#7cc6d6"),
    ("#8c2d19", "#ffa58f"),
)


class SettingsError(ValueError):
    """These settings are refused; `problems` holds one sentence for each reason."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or text != _origin(parts):
        raise ValueError("must be an http(s) address without a path: a mock serves the whole of it")
    return text


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class Victim(BaseModel):
    """An honest provider of the same client, as far as an attacker knows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client_id: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    callback: str


class MockSettings(BaseModel):
    """One issuer. `id` is the name of its table."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")
    issuer: Annotated[str, AfterValidator(_web_address)]
    title: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    client_name: str = ""
    client_secret: Secret
    redirect_uris: tuple[str, ...] = Field(min_length=1)
    post_logout_redirect_uris: tuple[str, ...] = ()
    dialect: str = "plain"
    accent: Colour
    accent_dark: Colour
    control: bool = True
    client_jwks: tuple[dict[str, Any], ...] = ()
    victims: tuple[Victim, ...] = ()
    accounts: AccountsTable | None = None

    @property
    def called(self) -> str:
        """The client as its people know it."""
        return self.client_name or self.client_id

    @property
    def client_home(self) -> str:
        """The first page of the client, where nothing better is known to lead back to."""
        return f"{_origin(urlsplit(self.redirect_uris[0]))}/"

    @property
    def speaks(self) -> Dialect:
        """The choices behind the name of the dialect."""
        return DIALECTS[self.dialect]

    def client_key(self, use: str) -> Key | None:
        """The client's first public key registered for `use` (`sig` or `enc`), or None."""
        keys = [jwk for jwk in self.client_jwks if jwk.get("use") == use]
        return KeySet.import_key_set({"keys": keys[:1]}).keys[0] if keys else None

    @model_validator(mode="after")
    def _dialect_is_served(self) -> "MockSettings":
        if self.dialect not in DIALECTS:
            raise ValueError(f"dialect: must be one of {', '.join(DIALECTS)}")
        needs = {
            "sig": self.speaks.client_auth == ("private_key_jwt",),
            "enc": self.speaks.encrypted_id_token,
        }
        for use, needed in needs.items():
            try:
                missing = needed and self.client_key(use) is None
            except (JoseError, ValueError) as unreadable:
                raise ValueError(f"client_jwks: no readable key for {use!r}") from unreadable
            if missing:
                raise ValueError(
                    f"client_jwks: dialect {self.dialect} needs a public key for {use!r}"
                )
        if self.speaks.attacks and not self.victims:
            raise ValueError("victims: an attacker needs an honest provider to attack")
        return self


def load(document: Mapping[str, Any]) -> tuple[MockSettings, ...]:
    """
    The mock issuers declared in a parsed config.toml, in its order; none without the table.

    Raises SettingsError with every problem of every table.
    """
    tables = document.get("mock_idps", {})
    production = document.get("mode") == "production"
    brand = document.get("brand", {}).get("name", "")
    settings: list[MockSettings] = []
    problems: list[str] = []
    for position, (name, table) in enumerate(tables.items()):
        accent, accent_dark = _PALETTE[position % len(_PALETTE)]
        defaults = {
            "accent": accent,
            "accent_dark": accent_dark,
            "client_name": brand,
            "control": not production,
        }
        try:
            settings.append(MockSettings.model_validate({**defaults, **table, "id": name}))
        except ValidationError as refused:
            problems.extend(_sentences(name, refused))
    problems.extend(_conflicts(settings, production=production))
    if problems:
        raise SettingsError(tuple(problems))
    return tuple(settings)


def _sentences(name: str, refused: ValidationError) -> Iterator[str]:
    for error in refused.errors(include_input=False, include_url=False):
        place = ".".join(str(part) for part in ("mock_idps", name, *error["loc"]))
        yield f"{place}: {error['msg'].removeprefix('Value error, ')}"


def _conflicts(settings: list[MockSettings], *, production: bool) -> Iterator[str]:
    seen: dict[str, str] = {}
    for one in settings:
        if production and one.control:
            yield f"mock_idps.{one.id}.control: refused with mode = 'production'"
        if one.issuer in seen:
            yield f"mock_idps.{one.id}.issuer: is also the issuer of {seen[one.issuer]}"
        seen[one.issuer] = one.id
