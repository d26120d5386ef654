"""A grant as of today: what a service may not ask for any more, none of its tokens gives."""

from dataclasses import replace

from broker.clients.client import Client
from broker.clients.scopes import closed_claims
from broker.openid.grants import Grant


def as_of_today(grant: Grant, client: Client) -> Grant:
    """The grant within the scopes of its service; the very same while none was withdrawn."""
    closed, scope = closed_claims(client.settings.scopes), client.get_allowed_scope(grant.scope)
    if scope == grant.scope and all(map(closed.isdisjoint, grant.content.values())):
        return grant
    content = {
        part: {name: value for name, value in told.items() if name not in closed}
        for part, told in grant.content.items()
    }
    return replace(grant, scope=scope, content=content)
