"""How long a code and its tokens live, by profile."""

from dataclasses import dataclass

from broker.clients.client import Client


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Seconds."""

    code: int
    access_token: int
    id_token: int


FRANCECONNECT = Lifetime(code=30, access_token=60, id_token=60)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """The settings' lifetimes; those of FranceConnect for services held to its profile."""

    code: int
    access_token: int
    id_token: int

    def of(self, client: Client) -> Lifetime:
        """The lifetimes for this service."""
        if client.settings.franceconnect:
            return FRANCECONNECT
        return Lifetime(self.code, self.access_token, self.id_token)
