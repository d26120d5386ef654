"""The providers as the page shows them, and as a login uses them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from broker.clients.client import Client
from broker.federation.switches import Switches
from broker.outside import Outside
from providers.build import build
from providers.circuit import Circuit
from providers.protocol import LogsOut, Provider
from providers.settings import ProviderSettings


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider: its settings, its adapter and its health."""

    settings: ProviderSettings
    provider: Provider
    circuit: Circuit = field(default_factory=Circuit)


class ProviderDirectory:
    """Providers by id, in the order of the page; adapters are built once."""

    def __init__(
        self, settings: Mapping[str, ProviderSettings], outside: Outside, switches: Switches
    ) -> None:
        self.switches = switches
        ordered = sorted(settings.values(), key=lambda table: table.order)
        self._entries = {
            table.id: Entry(table, build(table, outside.http_to(table.id), outside.random))
            for table in ordered
        }

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def find(self, provider: str) -> Entry | None:
        """The provider of that id, in whatever state."""
        return self._entries.get(provider)

    def label(self, provider: str) -> str:
        """What people call the provider; its id when it is no longer declared."""
        entry = self._entries.get(provider)
        return entry.settings.label if entry else provider

    def is_active(self, provider: str) -> bool:
        """Whether this provider is declared, and closed neither there nor by an operator since."""
        entry = self._entries.get(provider)
        if entry is None or entry.settings.disabled:
            return False
        return not self.switches.is_closed(provider)

    def is_open(self, provider: str, client: Client) -> bool:
        """Whether this provider is active and accepted by this service."""
        return self.is_active(provider) and accepts(client, provider)

    def logout_url(self, provider: str, id_token: str, return_to: str, state: str) -> str | None:
        """Where to end the session at the provider, or None when it has no way to."""
        entry = self._entries.get(provider)
        if entry is None or not isinstance(entry.provider, LogsOut):
            return None
        return entry.provider.logout_url(id_token, return_to, state)


def accepts(client: Client, provider: str) -> bool:
    """Whether the lists of the service let people use this provider."""
    settings = client.settings
    listed = settings.providers_allowed is None or provider in settings.providers_allowed
    return listed and provider not in settings.providers_denied
