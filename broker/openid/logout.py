"""
Logout asked by a service (OpenID Connect RP-Initiated Logout 1.0).

With a valid hint for the running session it happens at once; otherwise the person confirms. The
session ends here first, then at the provider when it can, and then the browser goes back to an
address the service registered, or nowhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from broker.audit.events import Event
from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.database import reading, writing
from broker.errors import (
    LogoutClientError,
    LogoutHintError,
    LogoutParameterError,
    LogoutRedirectUriError,
)
from broker.federation.arrival import ID_TOKEN_PURPOSE
from broker.federation.directory import ProviderDirectory
from broker.login.desk import Desk
from broker.openid import grants
from broker.openid.hints import IdTokenHints
from broker.openid.notices import LogoutNotices
from broker.openid.tokens import TokenMaker
from broker.sealing import UnsealError, b64, unb64
from broker.sessions import cookie, store
from broker.sessions.store import BrowserSession

_PURPOSE = "logout-return"
_MAX_STATE = 2048


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """What was asked, once checked: `sid` from a valid hint, `return_to` a registered address."""

    client: Client | None
    sid: str | None
    return_to: str | None


@dataclass(frozen=True, slots=True)
class LogoutDesk:
    """Checks a logout request and ends a session."""

    desk: Desk
    clients: Clients
    providers: ProviderDirectory
    hints: IdTokenHints
    tokens: TokenMaker
    notices: LogoutNotices
    public_url: str

    def read(self, values: MultiDict[str, str]) -> LogoutRequest:
        """The request, or a refusal that is shown, never redirected."""
        for name in values:
            if len(values.getlist(name)) > 1:
                raise LogoutParameterError(parameter=name[:40], detail="must come once")
        params = values.to_dict()
        client, sid = self._hinted(params.get("id_token_hint"))
        named = params.get("client_id")
        if named is not None:
            if client is not None and client.client_id != named:
                raise LogoutClientError(parameter="client_id", detail="differs from the hint")
            client = client or self.clients.find(named)
            if client is None:
                raise LogoutClientError(parameter="client_id", detail="names no service")
        return LogoutRequest(client, sid, self._return_to(params, client))

    def current(self) -> BrowserSession | None:
        """The session this browser holds, if it runs."""
        wanted = cookie.current_id(self.desk.cookies)
        if wanted is None:
            return None
        with reading(self.desk.engine) as connection:
            return store.find(connection, wanted, self.desk.clock())

    def is_confirmed(self, asked: LogoutRequest, running: BrowserSession | None) -> bool:
        """Whether the hint itself proves that the service means this very session."""
        if running is None or asked.client is None:
            return running is None
        return asked.sid == self.tokens.sid(running.id, asked.client.client_id)

    def end(self, running: BrowserSession | None, return_to: str | None) -> str:
        """
        End the session here and tell the services that shared it; returns where to go next.

        The service that asked is told as well: it may have closed one of several browsers' doors,
        and the certification of Back-Channel Logout has no other service.
        """
        cookie.drop(self.desk.cookies)
        if running is None:
            with writing(self.desk.engine) as tx:
                self.desk.sign_out(tx)
            return return_to or self._logged_out
        who, sealer = running.authentication, self.desk.sealer
        with writing(self.desk.engine) as tx:
            # First: a code that is being issued at this moment is then among the shares.
            self.desk.sign_out(tx)
            shares = grants.shares_of(tx, running.id, sealer)
            written = self.notices.write(tx, shares, running.id)
            store.end(tx, running.id)
            grants.revoke_session(tx, running.id, self.desk.clock())
            self.desk.journal.write(tx, Event.LOGGED_OUT, person=who.person, provider=who.provider)
        self.notices.deliver_now(written)
        sealed = sealer.seal(json.dumps(return_to).encode(), _PURPOSE)
        id_token = sealer.open(running.sealed_id_token, ID_TOKEN_PURPOSE).decode()
        upstream = self.providers.logout_url(who.provider, id_token, self._logged_out, b64(sealed))
        return upstream or return_to or self._logged_out

    def leave(self, path: str) -> str:
        """End whatever session this browser holds, to go on at `path` of ours afterwards."""
        return self.end(self.current(), f"{self.public_url}{path}")

    def confirm_url(self, asked: LogoutRequest) -> str:
        """Where the person confirms; the way back travels sealed."""
        sealed = self.desk.sealer.seal(json.dumps(asked.return_to).encode(), _PURPOSE)
        return f"/logout?{urlencode({'return': b64(sealed)})}"

    @property
    def _logged_out(self) -> str:
        return f"{self.public_url}/logged-out"

    def back_from_upstream(self, state: str | None) -> str | None:
        """The address sealed in `state` before the trip to the provider, if it is ours."""
        if not state or len(state) > _MAX_STATE:
            return None
        try:
            opened = self.desk.sealer.open(unb64(state), _PURPOSE)
        except (UnsealError, ValueError):
            return None
        return_to: str | None = json.loads(opened)
        return return_to

    def _hinted(self, hint: str | None) -> tuple[Client | None, str | None]:
        if hint is None:
            return None, None
        claims = self.hints.claims(hint)
        client = self.clients.find(str(claims.get("aud"))) if claims else None
        if claims is None or client is None:
            raise LogoutHintError(parameter="id_token_hint", detail="was not issued here")
        return client, str(claims.get("sid"))

    def _return_to(self, params: Mapping[str, str], client: Client | None) -> str | None:
        uri, state = params.get("post_logout_redirect_uri"), params.get("state")
        if state is not None and len(state) > _MAX_STATE:
            raise LogoutParameterError(parameter="state", detail=f"is longer than {_MAX_STATE}")
        if uri is None:
            return None
        if client is None or uri not in client.settings.post_logout_redirect_uris:
            raise LogoutRedirectUriError(
                parameter="post_logout_redirect_uri", detail="is not registered for the service"
            )
        if state is None:
            return uri
        return f"{uri}{'&' if '?' in uri else '?'}{urlencode({'state': state})}"
