"""
What a token is worth: for the service it was issued to (RFC 7662, RFC 7009), and for the providers
of data that the person's consent covers (`checktoken`, RFC 9701).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import Engine

from broker.audit.events import Event
from broker.audit.journal import Journal
from broker.clients.authentication import Authenticator
from broker.clients.client import Client
from broker.database import reading
from broker.errors import ApiRequestError, ClientMethodError
from broker.openid import grants, service_tokens
from broker.openid.form import plain_form
from broker.openid.grants import Grant
from broker.outside import Clock
from broker.sealing import Sealer


@dataclass(frozen=True, slots=True)
class InspectionDesk:
    """Introspection and revocation; a service only ever sees its own tokens."""

    engine: Engine
    authenticator: Authenticator
    sealer: Sealer
    journal: Journal
    clock: Clock
    issuer: str
    still_active: Callable[[Grant], bool]

    def introspect(self) -> Response:
        """Whether the token lives, and what it stands for (RFC 7662 §2.2)."""
        plain_form()
        client = self.authenticator.authenticate(request)
        if client.settings.client_auth == "none":
            raise ClientMethodError(detail="a service without a secret may not ask")
        return no_store(jsonify(self._described(client, token_sent())))

    def revoke(self) -> Response:
        """Make the token worthless; the answer is the same for one that never was (RFC 7009)."""
        plain_form()
        client = self.authenticator.authenticate(request)
        token = token_sent()
        with reading(self.engine) as connection:
            grant = grants.find_by_token(connection, token, self.sealer)
        with self.engine.begin() as tx:
            if grant is not None and grant.client_id == client.client_id:
                grants.revoke(tx, grant, self.clock())
                self.journal.write(
                    tx,
                    Event.TOKEN_REVOKED,
                    attempt=grant.attempt,
                    client_id=client.client_id,
                    person=grant.person,
                )
            service_tokens.revoke_service_token(tx, token, client.client_id)
        return no_store(Response(status=200))

    def _described(self, client: Client, token: str) -> dict[str, Any]:
        now = self.clock()
        with reading(self.engine) as connection:
            grant = grants.find_by_token(connection, token, self.sealer)
            service = service_tokens.find_service_token(connection, token, now)
        if service is not None and service.client_id == client.client_id:
            return self._active(client, service.scope, service.expires_at)
        alive = grant is not None and grant.token_lives(now)
        if grant is None or not alive or grant.client_id != client.client_id:
            return {"active": False}
        if not self.still_active(grant):
            return {"active": False}
        known = grant.content["id_token"]
        return {
            **self._active(
                client, client.get_allowed_scope(grant.scope), grant.token_expires_at or now
            ),
            "sub": known["sub"],
            "iat": int(grant.redeemed_at or now),
            "acr": known["acr"],
            "auth_time": known["auth_time"],
        }

    def _active(self, client: Client, scope: str, expires_at: float) -> dict[str, Any]:
        return {
            "active": True,
            "client_id": client.client_id,
            "aud": client.client_id,
            "iss": self.issuer,
            "scope": scope,
            "token_type": "Bearer",
            "exp": int(expires_at),
        }


def token_sent() -> str:
    """The `token` of the current form."""
    token = request.form.get("token")
    if not token:
        raise ApiRequestError(parameter="token", detail="is required")
    return token


def no_store(answer: Response) -> Response:
    """An answer that no cache keeps."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
