"""
The only reader of the broker's part of config.toml and of the environment.

Read once, refused all together, then passed by hand. `load` returns frozen values; every problem
of a wrong file is in one SettingsError, each naming the key, the fault and the rule.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from broker.settings.client_rules import (
    Known,
    client_problems,
    data_provider_problems,
    scheme_problems,
)
from broker.settings.clients import ClientSettings, DataProviderSettings, Secret
from broker.settings.insured import InsuredTable
from broker.settings.mail import MailTable, is_host_port
from broker.settings.secret_places import resolved
from broker.settings.setting_aside import to_the_end
from providers.levels import Level
from providers.settings import ProviderSettings

_DEMONSTRATION = "demonstration-"

LONGEST_SESSION_SECONDS = 86_400
"""No session may last longer: as long, it is known which services took part in it."""

MOST_LEAD_SECONDS = 30 * 86_400
"""No key is published longer ahead: whoever waits for more has mistyped."""

Seconds = Annotated[int, Field(gt=0)]
SessionSeconds = Annotated[int, Field(gt=0, le=LONGEST_SESSION_SECONDS)]


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
    """`[broker]`: where it lives, behind how many proxies, its secrets, how long things last."""

    public_url: str
    listen: str = "127.0.0.1:8000"
    proxies: Annotated[int, Field(ge=0, le=9)] = 0
    database: str
    secret: Secret
    older_secrets: tuple[Secret, ...] = ()
    session_seconds: SessionSeconds = 1800
    session_max_seconds: SessionSeconds = 43_200
    key_lead_seconds: Annotated[int, Field(ge=0, le=MOST_LEAD_SECONDS)] = 3600
    attempt_seconds: Seconds = 1800
    access_token_seconds: Seconds = 600
    id_token_seconds: Seconds = 600
    code_seconds: Annotated[int, Field(gt=0, le=600)] = 60
    consent_days: Annotated[int, Field(ge=0)] = 180
    default_level: Level = Level.LOW
    offered_levels: Annotated[tuple[Level, ...], Field(min_length=1)] = (
        Level.LOW,
        Level.SUBSTANTIAL,
    )
    idp_hints: tuple[str, ...] | None = None
    metrics_token: Secret | None = None

    @property
    def issuer(self) -> str:
        """The issuer of tokens and of discovery."""
        return f"{self.public_url}/api/v2"


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

    @property
    def known(self) -> Known:
        """What a service may name."""
        return Known(self.production, self.insured is not None, tuple(self.providers))


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
    judged = to_the_end(given, Settings.model_validate)
    settings = judged.value
    found.extend(judged.problems)
    if settings is not None:
        found.extend(one for one in problems(settings) if not judged.blames(one))
    if found or settings is None:
        raise SettingsError(found)
    return settings


def problems(settings: Settings) -> Iterator[str]:
    """Every reason to refuse well-formed settings, so that all can be fixed in one go."""
    production = settings.production
    yield from _broker_problems(settings.broker, settings.known)
    yield from _database_problems(settings)
    if settings.insured:
        for problem in scheme_problems(settings.insured.portal_url, production=production):
            yield f"insured.portal_url: {problem}"
        yield from settings.insured.problems(production=production)
    yield from _provider_problems(settings)
    yield from _client_problems(settings)
    yield from data_provider_problems(
        settings.data_providers, settings.clients, production=production
    )
    yield from settings.mail.problems(production=production)
    if production:
        yield from _production_problems(settings)


def _provider_problems(settings: Settings) -> Iterator[str]:
    for key, provider in settings.providers.items():
        if not key.replace("_", "").replace("-", "").isalnum():
            yield f"providers.{key}: the id may hold letters, digits, hyphens and underscores only"
        for name, address in provider.addresses.items():
            for problem in scheme_problems(address, production=settings.production):
                yield f"providers.{key}.{name}: {problem}"


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
            elif backend == "sqlite" and make_url(url).database in {None, "", ":memory:"}:
                yield f"{key}: names no file; write sqlite:///var/broker.sqlite or another path"


def _broker_problems(own: BrokerTable, known: Known) -> Iterator[str]:
    for problem in scheme_problems(own.public_url, production=known.production):
        yield f"broker.public_url: {problem}"
    if own.public_url.endswith("/"):
        yield "broker.public_url: must not end with a slash; paths are appended to it"
    if not is_host_port(own.listen):
        yield f"broker.listen: {own.listen!r} is not host:port"
    if own.default_level not in own.offered_levels:
        yield "broker.default_level: is none of offered_levels"
    for hint in own.idp_hints or ():
        if hint not in known.providers:
            yield f"broker.idp_hints: {hint!r} is no provider of these settings"


def _client_problems(settings: Settings) -> Iterator[str]:
    seen: dict[str, str] = {}
    for key, client in settings.clients.items():
        at = f"clients.{key}."
        if client.client_id in seen:
            yield f"{at}client_id: is already that of clients.{seen[client.client_id]}"
        seen[client.client_id] = key
        # A command makes one up, or keeps the one whose hash is stored: only a file may forget it.
        if client.client_auth.startswith("client_secret") and client.client_secret is None:
            yield f"{at}client_secret: is required by client_auth = {client.client_auth!r}"
        yield from client_problems(client, at, settings.known)


def _production_problems(settings: Settings) -> Iterator[str]:
    own = settings.broker
    secrets = {"broker.secret": own.secret, "broker.metrics_token": own.metrics_token or ""}
    secrets |= {f"broker.older_secrets.{n}": old for n, old in enumerate(own.older_secrets)}
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
