"""
What happens on arrival from a provider.

1. the answer carries a state that we made, for this provider;
2. the attempt it names is alive and belongs to this browser;
3. nothing was written about the attempt since the departure, so the state is used once;
4. the provider is still open to this service;
5. the adapter verifies the answer, with its own two calls; a fault brings the person back to the
   page of providers with a banner, the state spent, the attempt intact;
6. the person behind the pivot identity is found or made;
7. the browser gets a new session handle and a new secret for the attempt, whatever it held before;
8. identity, session and journal are written in one transaction, and the hub takes over.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g
from werkzeug.wrappers import Response

from broker.audit.events import Event
from broker.clients.directory import Clients
from broker.database import writing
from broker.errors import (
    CallbackReplayedError,
    CallbackStateError,
    PasserelleError,
    ProviderDisabledError,
)
from broker.federation.banner import bring_back
from broker.federation.directory import Entry, ProviderDirectory
from broker.federation.last_used import remember
from broker.federation.trips import Trips
from broker.login import browser, store
from broker.login.attempt import Attempt, Authentication
from broker.login.desk import Desk, Hub
from broker.sessions import cookie
from broker.sessions import store as sessions
from broker.sessions.store import BrowserSession
from broker.subjects.persons import Persons
from broker.subjects.vault import seal_identity
from providers.faults import ProviderFault
from providers.protocol import Arrival, Trip

ID_TOKEN_PURPOSE = "id-token"  # noqa: S105 - the purpose of a sealed value


@dataclass(frozen=True, slots=True)
class ArrivalDesk:
    """Receives the browser at `/callback/<provider>`."""

    desk: Desk
    hub: Hub
    trips: Trips
    providers: ProviderDirectory
    clients: Clients
    persons: Persons
    session_seconds: int

    def receive(self, provider: str, answer: Mapping[str, str]) -> Response:
        """The next page of the login this answer belongs to; refusals are shown."""
        try:
            attempt, entry, trip = self._awaited(provider, answer.get("state"))
        except PasserelleError as refusal:
            self._note(provider, refusal)
            raise
        try:
            return self._answered(attempt, entry, answer, trip)
        except store.AttemptMovedError:
            raise CallbackReplayedError from None

    def _answered(
        self, attempt: Attempt, entry: Entry, answer: Mapping[str, str], trip: Trip
    ) -> Response:
        """AttemptMovedError when another answer to the same trip was faster, good or bad."""
        provider = entry.settings.id
        try:
            arrival = self._verified(entry, answer, trip)
        except ProviderFault as fault:
            return bring_back(self.desk, attempt, provider, fault)
        return self.hub.continue_login(self._welcome(attempt, provider, arrival))

    def _awaited(self, provider: str, state: str | None) -> tuple[Attempt, Entry, Trip]:
        """The login that waits for an answer from this provider under this state."""
        attempt = self.desk.find(self.trips.attempt_id(state))
        entry = self._open_entry(provider, attempt)
        trip = self.trips.trip(attempt, provider, self.desk.clock())
        if not self.desk.sealer.same(trip.state, state or ""):
            spent = self.trips.is_spent(state or "", attempt)
            raise CallbackReplayedError if spent else CallbackStateError
        return attempt, entry, trip

    def _note(self, provider: str, refusal: PasserelleError) -> None:
        """An answer that nothing waits for: the attempt, if it can be told, stays as it was."""
        attempt: Attempt | None = g.get("attempt")
        with writing(self.desk.engine) as tx:
            self.desk.journal.write(
                tx,
                Event.ANSWER_REFUSED,
                attempt=attempt.id if attempt else None,
                client_id=attempt.request.client_id if attempt else None,
                provider=provider if self.providers.find(provider) else None,
                check=refusal.number,
            )

    def _open_entry(self, provider: str, attempt: Attempt) -> Entry:
        client = self.clients.active(attempt.request.client_id)
        entry = self.providers.find(provider)
        if entry is None or not self.providers.is_open(provider, client):
            raise ProviderDisabledError
        return entry

    @staticmethod
    def _verified(entry: Entry, answer: Mapping[str, str], trip: Trip) -> Arrival:
        return entry.circuit.arriving(lambda: entry.provider.arrive(answer, trip), trip.now)

    def _welcome(self, attempt: Attempt, provider: str, arrival: Arrival) -> Attempt:
        desk, sealer = self.desk, self.desk.sealer
        handle, secret = cookie.new_handle(desk.random), browser.new_secret(desk.random)
        identity = seal_identity(arrival.identity, sealer)
        with writing(desk.engine) as tx:
            person = self.persons.arrive(tx, arrival.identity, arrival.issuer, arrival.subject)
            who = _authentication(person, provider, arrival, sessions.session_id(handle))
            token = sealer.seal(arrival.id_token.encode(), ID_TOKEN_PURPOSE)
            until = desk.clock() + self.session_seconds
            sessions.add(tx, BrowserSession(who, identity, token, until))
            welcomed = attempt.with_facts(
                browser=browser.digest_of(secret),
                authentication=who,
                sealed_identity=identity,
                agreed=None,
                account=None,
                account_seen=False,
            )
            welcomed = store.save(tx, welcomed)
            marks = {"attempt": attempt.id, "client_id": attempt.request.client_id}
            desk.journal.write(
                tx,
                Event.PERSON_ARRIVED,
                provider=provider,
                person=person,
                level=arrival.level.value,
                **marks,
            )
        # Only now: a browser that lost the race keeps what the winner gave it.
        cookie.give(desk.cookies, handle)
        browser.give(desk.cookies, welcomed, secret, desk.attempt_seconds)
        remember(desk.cookies, provider)
        return welcomed


def _authentication(person: str, provider: str, arrival: Arrival, session: str) -> Authentication:
    return Authentication(
        person=person,
        provider=provider,
        level=arrival.level,
        amr=arrival.amr,
        issuer=arrival.issuer,
        subject=arrival.subject,
        auth_time=arrival.auth_time,
        session=session,
        account=arrival.account,
    )
