"""Who asks for what in the personal space: authorised, served once, journalled, answered."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import Connection

from broker.audit.events import Event
from broker.clients.client import Client
from broker.database import reading
from broker.enrolment.backchannel import BackChannel
from broker.enrolment.space_bodies import Body, read_key
from broker.enrolment.trail import JournalTrail
from broker.insured.accounts.summary import account as account_summary
from broker.insured.letters import LANGUAGES
from broker.insured.space.alerts import speak
from broker.insured.space.dashboard import dashboard
from broker.insured.space.demonstration import Demonstration
from broker.insured.space.place import Space, Tenant
from broker.insured.space.requests import Asked, once
from broker.subjects.pairwise import sector_of

Reading = Callable[[Connection, Tenant], Any]
Writing = Callable[[Connection, Tenant], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SpaceDesk:
    """The personal space behind the back channel; `demonstration` is None in production."""

    channel: BackChannel
    space: Space
    demonstration: Demonstration | None
    trail: JournalTrail

    def tenant(self, account_id: str) -> Tenant:
        """The active account of this reference, for the calling service."""
        return self._tenant(account_id, self.channel.caller())

    def dashboard(self, account_id: str) -> Response:
        """The first page; of an account that is not active, its summary alone."""
        sector = _sector(self.channel.caller())
        tenant, status = self.space.known(account_id, sector)
        if status == "active":
            return answered(dashboard(self.space, self._served(tenant)))
        space = self.space
        return answered(account_summary(space.engine, space.sealing, account_id, sector))

    def read(self, account_id: str, read: Reading) -> Response:
        """What `read` finds for this account."""
        tenant = self.tenant(account_id)
        with reading(self.space.engine) as connection:
            return answered(read(connection, tenant))

    def write(
        self, account_id: str, action: str, body: Body, event: Event | None, write: Writing
    ) -> Response:
        """What `write` does for this account, once for each request key, and leaves a trace of."""
        caller = self.channel.caller()
        tenant = self._tenant(account_id, caller)
        asked = Asked(read_key(), action, body.model_dump(mode="json"))
        trace = event and partial(
            self.trail, event, client_id=caller.client_id, account=tenant.account_id
        )

        def work(tx: Connection) -> dict[str, Any]:
            answer = _spoken(tenant, write, tx)
            if trace:
                trace(outcome=answer.get("outcome"))
            return answer

        return answered(once(self.space, tenant, asked, work))

    def _tenant(self, account_id: str, caller: Client) -> Tenant:
        return self._served(self.space.tenant(account_id, _sector(caller)))

    def _served(self, tenant: Tenant) -> Tenant:
        if self.demonstration is not None:
            self.demonstration.serve(tenant)
        return tenant


def _sector(caller: Client) -> str:
    settings = caller.settings
    return sector_of(settings.redirect_uris[0], settings.sector_identifier)


def _spoken(tenant: Tenant, write: Writing, tx: Connection) -> dict[str, Any]:
    """What is written, after the language in which the person asks for it (RFC 9110 §12.5.4)."""
    language = request.accept_languages.best_match(LANGUAGES)
    if language:
        speak(tx, tenant.account_id, language)
    return write(tx, tenant)


def answered(content: Any) -> Response:
    """A JSON answer that nobody keeps."""
    answer = jsonify(content)
    answer.headers["Cache-Control"] = "no-store"
    return answer
