"""Who asks for what in the classic way: authorised, done once, journalled, answered."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, request
from sqlalchemy import Connection, Engine

from broker.audit.journal import Journal
from broker.enrolment.backchannel import BackChannel
from broker.enrolment.space_bodies import Body, read_key
from broker.enrolment.space_desk import answered
from broker.errors import BackChannelForbiddenError
from broker.insured.credentials.activation import Activation
from broker.insured.credentials.creation import Creation
from broker.insured.credentials.ground import Deed, Ground, Told
from broker.insured.credentials.recovery import Recovery
from broker.insured.credentials.replay import Replay, Request
from broker.insured.credentials.sign_in import SignIn
from broker.subjects.pairwise import sector_of


@dataclass(frozen=True, slots=True)
class ClassicDesk:
    """The classic way behind the back channel; `engine` is the one of the journal."""

    channel: BackChannel
    ground: Ground
    replay: Replay
    journal: Journal
    engine: Engine

    @property
    def creation(self) -> Creation:
        """Accounts that begin."""
        return Creation(self.ground)

    @property
    def activation(self) -> Activation:
        """Links of creations."""
        return Activation(self.ground)

    @property
    def sign_in(self) -> SignIn:
        """Passwords and codes."""
        return SignIn(self.ground)

    @property
    def recovery(self) -> Recovery:
        """Passwords that were forgotten."""
        return Recovery(self.ground)

    def service(self) -> str:
        """The sector of the calling service, a portal, in which accounts have their names."""
        return self._sector(identities=False)

    def provider(self) -> str:
        """The same of a provider of identities, which may ask for nothing else."""
        return self._sector(identities=True)

    def _sector(self, *, identities: bool) -> str:
        settings = self.channel.caller().settings
        if settings.identity_checks is not identities:
            raise BackChannelForbiddenError
        return sector_of(settings.redirect_uris[0], settings.sector_identifier)

    def carry_out(self, body: Body, prepare: Callable[[], Deed], *, keyed: bool = True) -> Response:
        """Do what a body asks for, once for each request key, and answer."""
        client_id = self.channel.caller().client_id

        def traced() -> Deed:
            return partial(self._traced, prepare(), client_id)

        if not keyed and "Idempotency-Key" not in request.headers:
            return answered(self.replay.unkeyed(traced).answer)
        content = f"{request.path}\n{body.model_dump_json()}"
        return answered(self.replay.once(Request(client_id, read_key(), content), traced))

    def _traced(self, deed: Deed, client_id: str, tx: Connection) -> Told:
        """
        A deed and its trace, which is kept first: the journal is in another database, and may tell
        of one deed too many but never of one too few.
        """
        told = deed(tx)
        facts: dict[str, Any] = {
            "account": told.account_id,
            "result": told.answer["result"],
            "reason": told.answer.get("reason"),
        }
        known = {name: value for name, value in facts.items() if value is not None}
        if told.events:
            with self.engine.begin() as trace:
                for event in told.events:
                    self.journal.write(trace, event, client_id=client_id, **known)
        return told
