"""A request as received, and the two facts that decide whether anything may be redirected."""

from collections.abc import Mapping
from dataclasses import dataclass

from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.errors import (
    InvalidParameterError,
    RedirectUriError,
    RepeatedParameterError,
    UnknownClientError,
)
from broker.settings.scopes import SCOPES
from providers.levels import Level


@dataclass(frozen=True, slots=True)
class Rules:
    """What the platform offers: levels, the default one, and the hints it takes (None: all)."""

    offered_levels: tuple[Level, ...]
    default_level: Level
    idp_hints: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as received: `params` by name, `repeated` the names that came more than once."""

    params: Mapping[str, str]
    repeated: frozenset[str]
    client: Client
    rules: Rules

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes asked for that exist; unknown ones are ignored (OIDC Core §3.1.2.1)."""
        return tuple(dict.fromkeys(s for s in self.params.get("scope", "").split() if s in SCOPES))

    @property
    def prompts(self) -> tuple[str, ...]:
        """The values of `prompt`."""
        return tuple(self.params.get("prompt", "").split())


def known_client(params: Mapping[str, str], repeated: frozenset[str], clients: Clients) -> Client:
    """The service that asks; shown, never redirected, when it is not known."""
    client = clients.find(params.get("client_id"))
    if client is None or "client_id" in repeated:
        raise UnknownClientError(parameter="client_id", detail="names no registered service")
    return client


def exact_redirect_uri(params: Mapping[str, str], repeated: frozenset[str], client: Client) -> str:
    """The registered address to answer to, equal character by character."""
    uri = params.get("redirect_uri", "")
    if "redirect_uri" in repeated or not client.check_redirect_uri(uri):
        raise RedirectUriError(parameter="redirect_uri", detail="equals no registered address")
    return uri


def one_reference(params: Mapping[str, str], repeated: frozenset[str]) -> None:
    """A request stands in `request` or in `request_uri`, once (OIDC Core §6.1, §6.2)."""
    for name in ("request", "request_uri"):
        if name in repeated:
            raise RepeatedParameterError(parameter=name, detail="must come once")
    if "request" in params and "request_uri" in params:
        raise InvalidParameterError(parameter="request_uri", detail="must not come with request")
