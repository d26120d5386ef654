"""The directory of services."""

from collections.abc import Iterable

from broker.clients.client import Client
from broker.errors import DisabledClientError
from broker.settings import ClientSettings


class Clients:
    """Services by client_id; those declared in the settings are parsed once."""

    def __init__(self, declared: Iterable[ClientSettings]) -> None:
        self._declared = {c.client_id: Client.declared(c) for c in declared}

    def find(self, client_id: str | None) -> Client | None:
        """The active service of that id, or None."""
        client = self._declared.get(client_id or "")
        return None if client is None or client.settings.disabled else client

    def active(self, client_id: str) -> Client:
        """The active service of a login that has begun; DisabledClientError when it was closed."""
        client = self.find(client_id)
        if client is None:
            raise DisabledClientError
        return client
