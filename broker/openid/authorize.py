"""The authorization endpoint: where every login begins (OIDC Core §3.1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from broker.audit.events import Event
from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.database import reading
from broker.federation.page import ChoosingDesk
from broker.login import store
from broker.login.attempt import Attempt, Step, next_step
from broker.login.desk import Desk
from broker.login.request import AuthorizationRequest
from broker.openid.checks import Asked, Rules, accepted, exact_redirect_uri, known_client
from broker.openid.hub import LoginHub, refuse_interaction
from broker.returning import ReturnPath
from broker.sessions import cookie
from broker.sessions import store as sessions
from broker.sessions.rules import serves
from broker.sessions.store import BrowserSession
from broker.subjects.persons import is_blocked


@dataclass(frozen=True, slots=True)
class AuthorizeDesk:
    """Checks a request, opens an attempt, and hands it to the hub."""

    desk: Desk
    hub: LoginHub
    choosing: ChoosingDesk
    clients: Clients
    rules: Rules
    session_seconds: int

    def answer(self) -> Response:
        """Start a login: the first page, or at once the answer when a session is enough."""
        asked = self._asked()
        wanted = accepted(asked)
        running = self._running_session(wanted, asked.client)
        attempt = self.desk.open(wanted, wants_account=asked.client.wants_account)
        if running is not None:
            attempt = attempt.with_facts(
                authentication=running.authentication, sealed_identity=running.sealed_identity
            )
        step = next_step(attempt)
        if "none" in wanted.prompt and step is Step.CHOOSE:
            refuse_interaction(step)
        self._store(attempt, running)
        if step is Step.CHOOSE and wanted.idp_hint is not None:
            return self.choosing.depart(attempt, wanted.idp_hint)
        return self.hub.continue_login(attempt)

    def _asked(self) -> Asked:
        values: MultiDict[str, str] = request.form if request.method == "POST" else request.args
        params: Mapping[str, str] = values.to_dict()
        repeated = frozenset(name for name in values if len(values.getlist(name)) > 1)
        client = known_client(params, repeated, self.clients)
        uri = exact_redirect_uri(params, repeated, client)
        state = params.get("state") if "state" not in repeated else None
        mode = params.get("response_mode", "query")
        g.return_path = ReturnPath(
            uri, state, self.hub.issuer, mode if mode == "form_post" else "query"
        )
        return Asked(params, repeated, client, self.rules)

    def _running_session(
        self, wanted: AuthorizationRequest, client: Client
    ) -> BrowserSession | None:
        """The session of this browser, if it may answer and nothing in it was closed."""
        held = cookie.current_id(self.desk.cookies)
        if held is None:
            return None
        now = self.desk.clock()
        with reading(self.desk.engine) as connection:
            running = sessions.find(connection, held, now)
            if running is None or is_blocked(connection, running.authentication.person):
                return None
        provider = running.authentication.provider
        open_here = self.hub.providers.is_open(provider, client)
        return running if open_here and serves(running, wanted, now) else None

    def _store(self, attempt: Attempt, running: BrowserSession | None) -> None:
        marks = {"attempt": attempt.id, "client_id": attempt.request.client_id}
        with self.desk.engine.begin() as tx:
            store.add(tx, attempt)
            self.desk.journal.write(tx, Event.LOGIN_STARTED, **marks)
            if running is not None:
                sessions.slide(tx, running, self.desk.clock() + self.session_seconds)
                who = running.authentication
                self.desk.journal.write(
                    tx, Event.SESSION_REUSED, person=who.person, provider=who.provider, **marks
                )
