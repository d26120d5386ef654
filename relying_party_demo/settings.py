"""
The two services' part of config.toml: `[portal]`, `[sample_service]`, `[brand]`, `[mail]`, `mode`.

Read once and refused all together: every problem of a wrong file is in one SettingsError, each
naming the key, the fault and the rule. Keys of a service beyond those of config.toml:

* `name`, `name_en`: the service as people read it, and in English when that differs;
* `client_auth`: how it proves itself, `client_secret_basic` or `client_secret_post`;
* `userinfo_signed_alg`: set when the service registered for signed answers; unsigned ones are
  then refused;
* `database`: its sessions and unfinished logins, which may be lost without harm;
* `attempt_seconds`: how long a login may stay unfinished;
* `accent`, `accent_dark`: its own colours instead of the brand's;
* `provider_names` (portal): how to call each identity provider, by its id at the broker.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LEVELS = ("eidas1", "eidas2", "eidas3")
"""Levels of assurance, weakest first (eIDAS regulation 910/2014, article 8)."""

_MIN_SECRET = 32
_UNKNOWN_SECRET = "?" * _MIN_SECRET
_DEMONSTRATION_SECRET = "demonstration-secret"  # noqa: S105 - the mark by which one is refused
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_GUIDE_NAMES = {
    "tax": "Impots.gouv.fr",
    "postal": "La Poste, L'Identité Numérique",
    "msa": "MSA",
    "mobile": "Mobile Connect et Moi",
    "ameli": "Ameli",
}


def _address(text: str) -> str:
    parts = urlsplit(text)
    if text.endswith("/"):
        raise ValueError("must not end with a slash; paths are appended to it")
    near = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or near):
        raise ValueError("must start with https:// (http is for this machine only)")
    return text


def _scope(text: str) -> str:
    if "openid" not in text.split():
        raise ValueError("must hold openid (OpenID Connect Core 1.0 §3.1.2.1)")
    return text


def _levels(text: str) -> str:
    asked = text.split()
    if not asked or not set(asked) <= set(LEVELS):
        raise ValueError(f"must name one or more of {', '.join(LEVELS)}")
    return text


def _database(text: str) -> str:
    try:
        make_url(text)
    except ArgumentError:
        raise ValueError("is not a database URL such as sqlite:///var/portal.sqlite") from None
    return text


Secret = Annotated[str, Field(min_length=_MIN_SECRET)]
Seconds = Annotated[int, Field(gt=0)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Address = Annotated[str, AfterValidator(_address)]
Database = Annotated[str, AfterValidator(_database)]
ClientAuth = Literal["client_secret_basic", "client_secret_post"]


class SettingsError(ValueError):
    """The settings are refused; `problems` holds one sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Table(BaseModel):
    """A frozen table that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Brand(Table):
    """The broker as people know it, and the colours of links and buttons."""

    name: str = "Passerelle"
    accent: Colour = "#0b5563"
    accent_dark: Colour = "#7cc6d6"


class Mail(Table):
    """`[mail]`: the address that mails come from; how they are sent is the broker's affair."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sender: str = "no-reply@ameli.fr"


class ServiceTable(Table):
    """One service: where it lives and how it is known to the broker."""

    name: str
    name_en: str = ""
    public_url: Address
    listen: str
    secret: Secret
    database: Database
    broker_issuer: Address
    client_id: str = Field(min_length=1)
    client_secret: Secret
    client_auth: ClientAuth = "client_secret_basic"
    userinfo_signed_alg: Literal["ES256", "RS256"] | None = None
    scope: Annotated[str, AfterValidator(_scope)] = "openid"
    acr_values: Annotated[str, AfterValidator(_levels)] = LEVELS[0]
    attempt_seconds: Seconds = 3600
    idle_seconds: Annotated[int, Field(ge=180)] = 1200
    accent: Colour | None = None
    accent_dark: Colour | None = None

    def called(self, language: str) -> str:
        """What people read, in `fr` or `en`."""
        return self.name_en or self.name if language == "en" else self.name

    @property
    def redirect_uri(self) -> str:
        """Where the broker sends people back, as registered there."""
        return f"{self.public_url}/callback"

    @property
    def home_uri(self) -> str:
        """Where the broker sends people after a logout, as registered there."""
        return f"{self.public_url}/"

    @property
    def levels_asked(self) -> tuple[str, ...]:
        """The acceptable levels; the weakest is the least that an answer may carry."""
        return tuple(self.acr_values.split())


class PortalTable(ServiceTable):
    """`[portal]`: the portal of the health insurer."""

    name: str = "Ameli (démonstration)"
    database: Database = "sqlite:///var/demo/portal.sqlite"
    back_channel_url: Address
    provider_names: dict[str, str] = Field(default_factory=lambda: dict(_GUIDE_NAMES))


class SampleTable(ServiceTable):
    """`[sample_service]`: a private service without any account at the insurer."""

    name: str = "Mutuelle Exemple (démonstration)"
    database: Database = "sqlite:///var/demo/sample.sqlite"
    client_auth: ClientAuth = "client_secret_post"
    accent: Colour | None = "#6d2f5b"
    accent_dark: Colour | None = "#e0a3cb"


class Settings(Table):
    """Everything this room was told; a service whose table is missing is not offered."""

    mode: Literal["demonstration", "production"]
    brand: Brand = Brand()
    mail: Mail = Mail()
    portal: PortalTable | None = None
    sample_service: SampleTable | None = None

    @property
    def production(self) -> bool:
        """Whether facilities of the demonstration are refused."""
        return self.mode == "production"


def load(document: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """The settings out of a whole config.toml; SettingsError with every problem."""
    found: list[str] = []
    known = {key: document[key] for key in Settings.model_fields if key in document}
    resolved = _resolved(known, environ, "", found)
    if resolved.get("mode") == "production":
        found.extend(_production_problems(resolved))
    try:
        settings = Settings.model_validate(resolved)
    except ValidationError as fault:
        raise SettingsError(found + [_sentence(error) for error in fault.errors()]) from None
    if found:
        raise SettingsError(found)
    return settings


def _sentence(error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "config.toml"
    fault = error["msg"].removeprefix("Value error, ")
    return f"{key}: {fault[:1].lower()}{fault[1:]}"


def _resolved(value: Any, environ: Mapping[str, str], key: str, found: list[str]) -> Any:
    """Replace `{ env = "NAME" }` and `{ file = "path" }` by the secret they point at."""
    match value:
        case {"env": str(name), **others} if not others:
            if name not in environ:
                found.append(f"{key}: the environment has no {name}")
            return environ.get(name, _UNKNOWN_SECRET)
        case {"file": str(path), **others} if not others:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                found.append(f"{key}: {path} cannot be read")
                return _UNKNOWN_SECRET
        case Mapping():
            return {
                k: _resolved(v, environ, f"{key}.{k}".lstrip("."), found) for k, v in value.items()
            }
    return value


def _production_problems(document: Mapping[str, Any]) -> Iterator[str]:
    """What a demonstration may do and production may not."""
    for table in ("portal", "sample_service"):
        values = document.get(table)
        for key, value in values.items() if isinstance(values, Mapping) else ():
            if not isinstance(value, str):
                continue
            if value.startswith("http://"):
                yield f"{table}.{key}: must start with https:// in production"
            if value.startswith(_DEMONSTRATION_SECRET):
                yield f"{table}.{key}: a secret of the demonstration is refused in production"
