"""
The way on from a page of error, where no step of a login has said it before.

Nothing is looked for until something went wrong. What is offered is the registered page of a
service, never an address that was received, and only the browser a login belongs to may carry on
with it.
"""

import re
from dataclasses import dataclass

from flask import request

from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.database import reading
from broker.login import browser, store
from broker.login.attempt import Attempt, Step, next_step
from broker.login.desk import Desk
from broker.pages import WayBack

_ATTEMPT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class WaysOn:
    """Finds the login, or at least the service, that a page of error is about."""

    desk: Desk
    clients: Clients

    def find(self) -> WayBack | None:
        """
        Where this page may lead; None when nothing says which service the person came from.

        The login that the address names comes first, then the service it names, then the newest
        login of this browser.
        """
        attempt = self._login(_named())
        client = self.clients.find(request.args.get("client_id"))
        if attempt is None and client is None:
            attempt = self._login(browser.newest(self.desk.cookies))
        if attempt is not None:
            client = self.clients.find(attempt.request.client_id)
        return self._way(client, attempt) if client else None

    def _login(self, attempt_id: str) -> Attempt | None:
        if not _ATTEMPT_ID.fullmatch(attempt_id):
            return None
        with reading(self.desk.engine) as connection:
            return store.find(connection, attempt_id)

    def _way(self, client: Client, attempt: Attempt | None) -> WayBack:
        name, home = client.settings.name, client.settings.home_url
        if attempt is None or not self._may_carry_on(attempt):
            return WayBack(name, home)
        step = next_step(attempt)
        return WayBack(
            name,
            home,
            self.desk.url(attempt, Step.CHOOSE),
            self.desk.abandon_url(attempt),
            # Nothing is left to show in the last step: only its own request may answer.
            None if step is Step.RESPOND else self.desk.url(attempt, step),
        )

    def _may_carry_on(self, attempt: Attempt) -> bool:
        alive = not attempt.ended and attempt.expires_at > self.desk.clock()
        return alive and browser.holds(self.desk.cookies, attempt)


def _named() -> str:
    """The login of the address: in its path, or in the state a provider brought back."""
    parts = request.view_args or {}
    brought = request.args.get("state", "") if "provider" in parts else ""
    return str(parts.get("attempt_id", brought.partition(".")[0]))
