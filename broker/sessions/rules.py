"""When a running session may answer in place of the provider."""

from broker.login.request import AuthorizationRequest
from broker.sessions.store import BrowserSession
from providers.levels import Level

_ASKS_AGAIN = frozenset({"login", "select_account"})


def serves(session: BrowserSession, wanted: AuthorizationRequest, now: float) -> bool:
    """
    Whether `session` satisfies the request without a trip to a provider.

    Never at eidas3, never below the level asked for, never past `max_age` (OpenID Connect Core
    §3.1.2.1), never when the service asks that the person signs in again.
    """
    who = session.authentication
    # max_age=0 means prompt=login, whatever the clocks say (OpenID Connect Core §3.1.2.1).
    if _ASKS_AGAIN & set(wanted.prompt) or wanted.max_age == 0:
        return False
    if Level.HIGH in {who.level, wanted.level} or who.level.rank < wanted.level.rank:
        return False
    if wanted.idp_hint is not None and wanted.idp_hint != who.provider:
        return False
    return wanted.max_age is None or now - who.auth_time <= wanted.max_age
