"""
The hub: entry and exit of every login.

Each step comes home here; the hub asks the pure `next_step` and sends the browser on. No step
knows the next one.
"""

from dataclasses import dataclass

from flask import g, redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.consent.ledger import Ledger
from broker.database import reading, writing
from broker.errors import (
    AccountDeactivatedError,
    ConsentRequiredError,
    LoginRequiredError,
    ProviderDisabledError,
    RedirectUriError,
)
from broker.federation.directory import ProviderDirectory
from broker.login import store
from broker.login.attempt import Attempt, Step, next_step
from broker.login.desk import Desk
from broker.openid.grants import Grant
from broker.openid.respond import Responder
from broker.pages import WayBack
from broker.returning import ReturnPath, return_to_service
from broker.screens import GoneOnScreen, render


@dataclass(frozen=True, slots=True)
class LoginHub:
    """Sends each attempt where it stands, and answers the service at the end."""

    desk: Desk
    clients: Clients
    providers: ProviderDirectory
    ledger: Ledger
    responder: Responder
    issuer: str

    def continue_login(
        self, attempt: Attempt, tx: Connection | None = None, *, written: bool = True
    ) -> Response:
        """
        The next page, or the answer to the service; `tx` joins an open transaction.

        Unless `written`, the attempt knows more than the database: both ways write it.
        """
        client = self._way_back(attempt)
        step = next_step(attempt)
        if step is Step.CONSENT:
            attempt = self._recall(attempt, client, tx)
            step = next_step(attempt)
        if step is Step.ENDED:
            home = client.settings.home_url
            return render(GoneOnScreen(service=client.settings.name, abandon_url=home))
        if step is Step.RESPOND:
            code = self.responder.issue(attempt, client, tx)
            return return_to_service(g.return_path, {"code": code}, client.settings.name)
        if tx is not None and not written:
            attempt = store.save(tx, attempt)
        if "none" in attempt.request.prompt:
            refuse_interaction(step)
        return redirect(self.desk.url(attempt, step), 303)

    def check_still_allowed(self, attempt: Attempt, *, sign_in: bool) -> None:
        """The service is re-checked at every step, provider and person where they matter."""
        client = self._way_back(attempt)
        who = attempt.authentication
        if who is None or not sign_in:
            return
        if not self.providers.is_open(who.provider, client):
            raise ProviderDisabledError
        if not attempt.person_open:
            raise AccountDeactivatedError

    def return_path(self, attempt: Attempt) -> ReturnPath:
        """Where an answer to this attempt goes; nowhere once that is not registered any more."""
        asked = attempt.request
        client = self.clients.active(asked.client_id)
        if not client.check_redirect_uri(asked.redirect_uri):
            raise RedirectUriError(parameter="redirect_uri", detail="is not registered any more")
        profile = client.settings.profile
        return ReturnPath(
            asked.redirect_uri, asked.state, self.issuer, asked.response_mode, profile
        )

    def is_grant_active(self, grant: Grant) -> bool:
        """Whether nothing was closed since consent: service, provider, person."""
        client = self.clients.find(grant.client_id)
        if client is None or not self.providers.is_open(grant.provider, client):
            return False
        return grant.person_open

    def _way_back(self, attempt: Attempt) -> Client:
        """The active service of this attempt, and where a page of error may lead."""
        client = self.clients.active(attempt.request.client_id)
        g.return_path = self.return_path(attempt)
        g.ui_locales = attempt.request.ui_locales
        if not attempt.ended:
            g.way_back = lambda: WayBack(
                client.settings.name,
                client.settings.home_url,
                self.desk.url(attempt, Step.CHOOSE),
                self.desk.abandon_url(attempt),
            )
        return client

    def _recall(self, attempt: Attempt, client: Client, tx: Connection | None) -> Attempt:
        """Take an earlier answer of the person for the same service and data, if there is one."""
        if tx is not None:
            agreed = self.ledger.covers(tx, attempt, client)
            return attempt if agreed is None else store.save(tx, attempt.with_facts(agreed=agreed))
        with reading(self.desk.engine) as connection:
            agreed = self.ledger.covers(connection, attempt, client)
        if agreed is None:
            return attempt
        with writing(self.desk.engine) as own:
            return store.save(own, attempt.with_facts(agreed=agreed))


def refuse_interaction(step: Step) -> None:
    """`prompt=none` and a page is needed: the same predicates as the screens say which."""
    if step is Step.CHOOSE:
        raise LoginRequiredError
    if step is Step.CONSENT:
        raise ConsentRequiredError
