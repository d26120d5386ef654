"""The authorization endpoint: where every login begins (OIDC Core §3.1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response as FlaskResponse
from flask import g, jsonify, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from broker.audit.events import Event
from broker.clients.authentication import Authenticator
from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.database import reading, writing
from broker.errors import ClientNotAllowedError, RequestUriError
from broker.federation.page import ChoosingDesk
from broker.login import store
from broker.login.attempt import Attempt, Step, next_step
from broker.login.desk import Desk
from broker.login.request import AuthorizationRequest
from broker.openid.asked import Asked, Rules, exact_redirect_uri, known_client, one_reference
from broker.openid.checks import accepted
from broker.openid.form import plain_form
from broker.openid.hints import IdTokenHints
from broker.openid.hub import LoginHub, refuse_interaction
from broker.openid.posted import PostedRequests
from broker.openid.pushed import SECONDS, PushedRequests
from broker.openid.received import NOT_TEXT, Received, given, read, received, sent
from broker.openid.request_object import RequestObjects
from broker.returning import ReturnPath
from broker.sessions import cookie
from broker.sessions import store as sessions
from broker.sessions.rules import serves
from broker.sessions.store import BrowserSession
from broker.subjects.pairwise import Subjects, sector_of
from broker.subjects.persons import is_blocked

RESUME = "/authorize"
_PROOFS = frozenset({"client_secret", "client_assertion", "client_assertion_type"})


@dataclass(frozen=True, slots=True)
class AuthorizeDesk:
    """Checks a request, opens an attempt, and hands it to the hub."""

    desk: Desk
    hub: LoginHub
    choosing: ChoosingDesk
    clients: Clients
    rules: Rules
    pushed: PushedRequests
    posted: PostedRequests
    objects: RequestObjects
    hints: IdTokenHints
    subjects: Subjects
    session_seconds: int
    session_max_seconds: int

    def answer(self) -> Response:
        """Start a login: the first page, or at once the answer when a session is enough."""
        if request.method == "POST":
            return self._come_back()
        return self._answered(received())

    def resume(self, reference: str) -> Response:
        """The same for a request that came by POST."""
        return self._answered(read(self.posted.take(reference)))

    def _come_back(self) -> Response:
        """Ask the browser to come back by GET, with its cookies."""
        came = sent()
        client = known_client(*read(came), self.clients)
        return redirect(f"{RESUME}/{self.posted.keep(client.client_id, came)}", 303)

    def _answered(self, came: Received) -> Response:
        asked = self._asked(came)
        wanted = accepted(asked, self.hints.sub(asked.params.get("id_token_hint"), asked.client))
        running = self._running_session(wanted, asked.client)
        attempt = self.desk.open(wanted, wants_account=asked.client.wants_account)
        if running is None:
            _silent_at(next_step(attempt), wanted)
        attempt = self._stored(attempt, running)
        if next_step(attempt) is Step.CHOOSE and wanted.idp_hint is not None:
            return self.choosing.depart(attempt, wanted.idp_hint)
        return self.hub.continue_login(attempt)

    def push(self, authenticator: Authenticator) -> FlaskResponse:
        """Keep a request for one minute (RFC 9126 §2); every check is made now, and again later."""
        plain_form()
        client = authenticator.authenticate(request)
        if client.settings.franceconnect:
            raise ClientNotAllowedError(detail="the franceconnect profile pushes no request")
        params, repeated = received()
        params = given({name: value for name, value in params.items() if name not in _PROOFS})
        if "request_uri" in params:
            raise RequestUriError(parameter="request_uri", detail="must not be pushed")
        inside = params
        if "request" in params:
            inside = self.objects.opened(client, params["request"])
        inside = {**given(inside), "client_id": client.client_id}
        exact_redirect_uri(inside, repeated, client)
        accepted(Asked(inside, repeated, client, self.rules))
        made = self.pushed.add(client.client_id, inside)
        answer = jsonify(request_uri=made, expires_in=SECONDS)
        answer.status_code = 201
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _asked(self, came: Received) -> Asked:
        params, repeated = came
        client = known_client(params, repeated, self.clients)
        self._remember_way_back(params, repeated, client)
        params, repeated = self._effective(params, repeated, client)
        g.return_path = None
        exact_redirect_uri(params, repeated, client)
        self._remember_way_back(params, repeated, client)
        return Asked(params, repeated, client, self.rules)

    def _remember_way_back(
        self, params: Mapping[str, str], repeated: frozenset[str], client: Client
    ) -> None:
        """Where errors go, as soon as the address is proven; until then they are shown."""
        uri = params.get("redirect_uri", "")
        g.ui_locales = params.get("ui_locales")
        if "redirect_uri" in repeated or not client.check_redirect_uri(uri):
            return
        mode = "form_post" if params.get("response_mode") == "form_post" else "query"
        state = params.get("state")
        if "state" in repeated or NOT_TEXT in (state or ""):
            state = None
        profile = client.settings.profile
        g.return_path = ReturnPath(uri, state, self.hub.issuer, mode, profile)

    def _effective(
        self, params: dict[str, str], repeated: frozenset[str], client: Client
    ) -> Received:
        """The parameters that count: pushed ones, or those of a signed request, or as received."""
        if client.settings.franceconnect:
            return params, repeated
        params = given(params)
        one_reference(params, repeated)
        if "request_uri" in params:
            pushed = self.pushed.take(client.client_id, params["request_uri"])
            return {**pushed, "client_id": client.client_id}, frozenset()
        if client.settings.require_par:
            raise ClientNotAllowedError(detail="this service must push its requests (RFC 9126)")
        if "request" in params:
            inside = given(self.objects.opened(client, params["request"]))
            return {**inside, "client_id": client.client_id}, frozenset()
        return params, repeated

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
        who = running.authentication
        if not self.hub.providers.is_open(who.provider, client) or not serves(running, wanted, now):
            return None
        return running if self._is_the_one(who.person, wanted, client) else None

    def _is_the_one(self, person: str, wanted: AuthorizationRequest, client: Client) -> bool:
        """Whether the person signed in is the one the service means, if it means one."""
        if wanted.hinted_sub is None:
            return True
        sector = sector_of(wanted.redirect_uri, client.settings.sector_identifier)
        with reading(self.desk.engine) as connection:
            return self.subjects.known_sub(connection, sector, person) == wanted.hinted_sub

    def _stored(self, attempt: Attempt, running: BrowserSession | None) -> Attempt:
        """The attempt, signed in by the running session unless a logout was faster."""
        marks = {"attempt": attempt.id, "client_id": attempt.request.client_id}
        with writing(self.desk.engine) as tx:
            reused = running if running and self._prolonged(tx, running) else None
            if reused:
                attempt = attempt.with_facts(
                    authentication=reused.authentication, sealed_identity=reused.sealed_identity
                )
            _silent_at(next_step(attempt), attempt.request)
            store.add(tx, attempt)
            self.desk.journal.write(tx, Event.LOGIN_STARTED, **marks)
            if reused:
                who = reused.authentication
                self.desk.journal.write(
                    tx, Event.SESSION_REUSED, person=who.person, provider=who.provider, **marks
                )
        return attempt

    def _prolonged(self, tx: Connection, running: BrowserSession) -> bool:
        latest = running.authentication.auth_time + self.session_max_seconds
        until = min(self.desk.clock() + self.session_seconds, latest)
        return sessions.slide(tx, running, until)


def _silent_at(step: Step, wanted: AuthorizationRequest) -> None:
    """With `prompt=none` nobody can be asked to choose (`login_required`)."""
    if "none" in wanted.prompt and step is Step.CHOOSE:
        refuse_interaction(step)
