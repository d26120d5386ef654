"""From settings to a provider: the one place that builds them."""

from providers.client_auth import Random
from providers.http import Http
from providers.oidc import OidcProvider
from providers.settings import ProviderSettings


def build(settings: ProviderSettings, http: Http, random: Random) -> OidcProvider:
    """The provider these settings describe; made once, used by every login."""
    return OidcProvider(settings, http, random)
