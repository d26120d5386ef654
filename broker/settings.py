"""
The only reader of the broker's part of config.toml and of the environment.

Read once, refused all together, then passed by hand. `load` returns frozen values; every problem
of a wrong file is in one SettingsError, each naming the key, the fault and the rule.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from broker.client_settings import (
    LOOPBACK,
    ClientSettings,
    DataProviderSettings,
    Secret,
    address_problems,
    data_provider_problems,
)
from broker.insured_settings import InsuredTable
from broker.secret_places import resolved
from providers.levels import Level
from providers.settings import ProviderSettings

_DEMONSTRATION = "demonstration-"

Seconds = Annotated[int, Field(gt=0)]


class SettingsError(ValueError):
    """The settings are refused; `problems` holds one sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Table(BaseModel):
    """A frozen table that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Brand(Table):
    """Name and colours shown to people."""

    name: str = "Passerelle"
    accent: str = "#0b5563"
    accent_dark: str = "#7cc6d6"


class BrokerTable(Table):
    """`[broker]`: where it lives, what it derives its keys from, how long things last."""

    public_url: str
    listen: str = "127.0.0.1:8000"
    database: str
    secret: Secret
    older_secrets: tuple[Secret, ...] = ()
    session_seconds: Seconds = 1800
    session_max_seconds: Seconds = 43_200
    key_lead_seconds: Annotated[int, Field(ge=0)] = 3600
    attempt_seconds: Seconds = 1800
    access_token_seconds: Seconds = 600
    id_token_seconds: Seconds = 600
    code_seconds: Annotated[int, Field(gt=0, le=600)] = 60
    consent_days: Annotated[int, Field(ge=0)] = 180
    default_level: Level = Level.LOW
    offered_levels: tuple[Level, ...] = (Level.LOW, Level.SUBSTANTIAL)
    idp_hints: tuple[str, ...] | None = None
    metrics_token: Secret | None = None

    @property
    def issuer(self) -> str:
        """The issuer of tokens and of discovery."""
        return f"{self.public_url}/api/v2"


class MailTable(Table):
    """
    `[mail]`: who sends mails and text messages, and through which servers.

    `smtp` is host:port; with `smtp_security` "starttls" or "tls" its certificate is verified.
    Text messages are posted to `sms_url` (bearer `sms_token`) in the name of `sms_sender`.
    """

    sender: str = "no-reply@localhost"
    smtp: str = "localhost:25"
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)
    sms_url: str | None = None
    sms_token: str | None = Field(default=None, repr=False)
    sms_sender: Annotated[str, Field(min_length=1, max_length=11)] = "Ameli"


class Settings(Table):
    """Everything the broker was told."""

    mode: Literal["demonstration", "production"]
    brand: Brand = Brand()
    broker: BrokerTable
    insured: InsuredTable | None = None
    mail: MailTable = MailTable()
    providers: dict[str, ProviderSettings] = Field(default_factory=dict)
    clients: dict[str, ClientSettings] = Field(default_factory=dict)
    data_providers: dict[str, DataProviderSettings] = Field(default_factory=dict)

    @property
    def production(self) -> bool:
        """Whether demonstration facilities are refused."""
        return self.mode == "production"


def read_document(path: Path) -> dict[str, Any]:
    """The TOML document at `path`; SettingsError when it cannot be read or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise SettingsError([f"{path}: cannot be read ({fault.strerror})"]) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError([f"{path}: is not valid TOML: {fault}"]) from fault


def load(document: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """The broker's settings out of a whole config.toml; SettingsError with every problem."""
    found: list[str] = []
    known = {key: document[key] for key in Settings.model_fields if key in document}
    given = resolved(known, environ, "", found)
    if isinstance(given.get("providers"), dict):
        given["providers"] = {
            key: {"id": key, **table} if isinstance(table, dict) else table
            for key, table in given["providers"].items()
        }
    try:
        settings = Settings.model_validate(given)
    except ValidationError as fault:
        raise SettingsError(found + [_sentence(e) for e in fault.errors()]) from None
    found.extend(problems(settings))
    if found:
        raise SettingsError(found)
    return settings


def _sentence(error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "config.toml"
    return f"{key}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def problems(settings: Settings) -> Iterator[str]:
    """Every reason to refuse well-formed settings, so that all can be fixed in one go."""
    yield from _address_problems("broker.public_url", settings.broker.public_url, settings)
    if settings.broker.public_url.endswith("/"):
        yield "broker.public_url: must not end with a slash; paths are appended to it"
    yield from _database_problems(settings)
    if settings.insured:
        yield from _address_problems("insured.portal_url", settings.insured.portal_url, settings)
        yield from settings.insured.problems(production=settings.production)
    for key, provider in settings.providers.items():
        if not key.replace("_", "").replace("-", "").isalnum():
            yield f"providers.{key}: the id may hold letters, digits, hyphens and underscores only"
        for name, address in provider.addresses.items():
            yield from _address_problems(f"providers.{key}.{name}", address, settings)
    yield from _client_problems(settings)
    yield from data_provider_problems(settings.data_providers, production=settings.production)
    yield from _mail_problems(settings)
    if settings.production:
        yield from _production_problems(settings)


def _database_problems(settings: Settings) -> Iterator[str]:
    urls = {"broker.database": settings.broker.database}
    if settings.insured:
        urls["insured.database"] = settings.insured.database
    for key, url in urls.items():
        try:
            backend = make_url(url).get_backend_name()
        except ArgumentError:
            yield f"{key}: is not a database URL such as sqlite:///var/broker.sqlite"
        else:
            if backend not in {"sqlite", "postgresql"}:
                yield f"{key}: {backend} is not supported; use sqlite or postgresql"


def _mail_problems(settings: Settings) -> Iterator[str]:
    mail = settings.mail
    if (mail.smtp_user is None) is not (mail.smtp_password is None):
        yield "mail: smtp_user and smtp_password go together"
    if settings.production and mail.smtp_user and mail.smtp_security == "none":
        yield "mail.smtp_security: a password is not sent over a line that anybody can read"
    if (mail.sms_url is None) is not (mail.sms_token is None):
        yield "mail: sms_url and sms_token go together"
    if mail.sms_url is not None:
        yield from _address_problems("mail.sms_url", mail.sms_url, settings)


def _client_problems(settings: Settings) -> Iterator[str]:
    seen: dict[str, str] = {}
    for key, client in settings.clients.items():
        at = f"clients.{key}"
        if client.client_id in seen:
            yield f"{at}.client_id: is already that of clients.{seen[client.client_id]}"
        seen[client.client_id] = key
        if client.client_auth.startswith("client_secret") and client.client_secret is None:
            yield f"{at}.client_secret: is required by client_auth = {client.client_auth!r}"
        if client.account == "insured" and settings.insured is None:
            yield f"{at}.account: 'insured' needs the [insured] table"
        yield from address_problems(client, at, production=settings.production)
        for provider in (*(client.providers_allowed or ()), *client.providers_denied):
            if provider not in settings.providers:
                yield f"{at}: names the provider {provider!r}, which is not declared"


def _address_problems(key: str, url: str, settings: Settings) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if settings.production:
        yield f"{key}: must start with https:// in production"
    elif parts.scheme != "http" or parts.hostname not in LOOPBACK:
        yield f"{key}: must start with https:// (http is for this machine, in demonstration only)"


def _production_problems(settings: Settings) -> Iterator[str]:
    own = settings.broker
    secrets = {"broker.secret": own.secret, "broker.metrics_token": own.metrics_token or ""}
    secrets |= {
        f"clients.{k}.client_secret": c.client_secret or "" for k, c in settings.clients.items()
    }
    secrets |= {
        f"data_providers.{k}.client_secret": d.client_secret
        for k, d in settings.data_providers.items()
    }
    secrets |= {
        f"providers.{k}.{name}": secret
        for k, p in settings.providers.items()
        for name, secret in p.secrets.items()
    }
    for key, secret in secrets.items():
        if _DEMONSTRATION in secret:
            yield f"{key}: a secret of the demonstration is refused in production"
