"""Who asks for what in the personal space: authorised, served once, journalled, answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify
from sqlalchemy import Connection, Engine

from broker.audit.events import Event
from broker.audit.journal import Journal
from broker.database import reading
from broker.enrolment.backchannel import BackChannel
from broker.enrolment.space_bodies import Body, read_key
from broker.insured.accounts.summary import account as account_summary
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
    journal: Journal
    engine: Engine

    def tenant(self, account_id: str) -> Tenant:
        """The active account of this reference, for the calling service."""
        return self._served(self.space.tenant(account_id, self._sector()))

    def dashboard(self, account_id: str) -> Response:
        """The first page; of an account that is not active, its summary alone."""
        sector = self._sector()
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
        """What `write` does for this account, once for each request key."""
        tenant, key = self.tenant(account_id), read_key()
        asked = Asked(key, action, body.model_dump(mode="json"))
        answer, new = once(self.space, tenant, asked, lambda tx: write(tx, tenant))
        if new and event is not None:
            self._journal(event, tenant, answer.get("outcome"))
        return answered(answer)

    def _sector(self) -> str:
        settings = self.channel.caller().settings
        return sector_of(settings.redirect_uris[0], settings.sector_identifier)

    def _served(self, tenant: Tenant) -> Tenant:
        if self.demonstration is not None:
            self.demonstration.serve(tenant)
        return tenant

    def _journal(self, event: Event, tenant: Tenant, outcome: Any) -> None:
        client_id = self.channel.caller().client_id
        with self.engine.begin() as tx:
            self.journal.write(
                tx, event, client_id=client_id, account=tenant.account_id, outcome=outcome
            )


def answered(content: Any) -> Response:
    """A JSON answer that nobody keeps."""
    answer = jsonify(content)
    answer.headers["Cache-Control"] = "no-store"
    return answer
