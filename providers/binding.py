"""
What a secret was agreed for: a provider's addresses may not move while its secret stays.

Whoever may edit an address but not read the secret would otherwise have it sent to themselves. The
broker keeps the binding of its last start and compares. On this machine the ports of a
demonstration may move: whoever listens here is here already.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from providers.settings import ProviderSettings

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Binding:
    """Two digests in hexadecimal, fit to be stored: of every address, and of every secret."""

    addresses: str
    secrets: str


def binding(settings: ProviderSettings) -> Binding:
    """The binding of one provider as its settings stand."""
    named = {key: _without_local_port(address) for key, address in settings.addresses.items()}
    addresses = json.dumps(named, sort_keys=True)
    secrets = json.dumps(dict(settings.secrets), sort_keys=True)
    name = f"passerelle binding {settings.id}".encode()
    return Binding(
        addresses=hashlib.sha256(addresses.encode()).hexdigest(),
        secrets=hmac.new(secrets.encode(), name, "sha256").hexdigest(),
    )


def secret_kept_elsewhere(before: Binding, after: Binding) -> bool:
    """Whether an address changed and no secret did: then the secret must be renewed."""
    return before.addresses != after.addresses and before.secrets == after.secrets


def _without_local_port(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc="localhost").geturl() if parts.hostname in _HERE else address
