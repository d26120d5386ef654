"""
The token endpoint, on Authlib's authorization server.

Authlib runs the protocol (grant types, redirect URI, PKCE); the overrides below bind it to our
clients, our grants and our catalogue of errors. A code is spent by one conditional update, after
every other check, in the transaction that stores its access token.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload
from authlib.oauth2.rfc6749 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Response, request
from sqlalchemy import Engine

from broker.audit.events import Event
from broker.audit.journal import Journal
from broker.clients.authentication import Authenticator
from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.clients.failures import Failures
from broker.database import reading, writing
from broker.errors import (
    ApiRequestError,
    CodeBindingError,
    CodeNotFoundError,
    CodeRedirectUriError,
    CodeReusedError,
    CodeVerifierError,
    GrantNotAllowedError,
    PasserelleError,
    SubjectInactiveError,
    TokenScopeError,
    UnsupportedGrantTypeError,
)
from broker.openid import grants, service_tokens
from broker.openid.form import plain_form
from broker.openid.grants import Grant
from broker.openid.today import as_of_today
from broker.openid.tokens import TokenMaker
from broker.outside import Clock, Random
from broker.sealing import Sealer, b64

_TOKEN_BYTES = 32
INSURED_SCOPE = "insured"
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class TokenDesk:
    """What the token endpoint works with; `still_active` re-checks person, provider, account."""

    engine: Engine
    clients: Clients
    authenticator: Authenticator
    failures: Failures
    sealer: Sealer
    tokens: TokenMaker
    journal: Journal
    clock: Clock
    random: Random
    still_active: Callable[[Grant], bool]


class TokenServer(AuthorizationServer):  # type: ignore[misc]  # Authlib publishes no types
    """Authlib's server, answering from our desk and raising our errors."""

    def __init__(self, desk: TokenDesk) -> None:
        super().__init__(query_client=desk.clients.find, save_token=self._save)
        self.desk = desk
        self.register_token_generator("default", self._generate)
        self.register_grant(CodeGrant, [Verifier(required=True)])
        self.register_grant(ServiceGrant)

    def answer(self) -> Response:
        """The answer to the current token request; raises a PasserelleError otherwise."""
        plain_form()
        if not request.form.get("grant_type"):
            raise ApiRequestError(parameter="grant_type", detail="is required")
        wanted = self.create_oauth2_request(request)
        try:
            body = self._granted(wanted)
        except PasserelleError as fault:
            if wanted.client is not None:
                name = wanted.client.client_id
                self.desk.failures.count_code(fault, name, request.remote_addr)
            raise
        answer: Response = self.handle_response(200, body, _NO_STORE)
        answer.content_type = "application/json"
        return answer

    def _granted(self, wanted: OAuth2Request) -> dict[str, Any]:
        try:
            grant = self.get_token_grant(wanted)
            grant.validate_token_request()
            _, body, _ = grant.create_token_response()
        except OAuth2Error as fault:
            raise _in_our_words(fault) from fault
        granted: dict[str, Any] = body
        return granted

    def create_oauth2_request(self, _request: object) -> OAuth2Request:
        """The request as Authlib reads it; the address is ours, whatever the Host header says."""
        return _TokenRequest(self.desk.tokens.issuer + "/token")

    def authenticate_client(self, wanted: OAuth2Request, *_: object, **__: object) -> Client:
        """One method per client, as registered; noted on the request before its code is read."""
        client = wanted.client = self.desk.authenticator.authenticate(request)
        return client

    def send_signal(self, name: str, *_: object, **__: object) -> None:
        """Nobody listens: facts go to the journal."""

    def _generate(self, client: Client, scope: str | None, **_: object) -> dict[str, Any]:
        return {
            "access_token": b64(self.desk.random(_TOKEN_BYTES)),
            "expires_in": self.desk.tokens.lifetimes.of(client).access_token,
            "token_type": "Bearer",
            "scope": scope or "",
        }

    def _save(self, token: dict[str, Any], wanted: OAuth2Request) -> None:
        desk, now = self.desk, self.desk.clock()
        until = now + desk.tokens.lifetimes.of(wanted.client).access_token
        if wanted.authorization_code is None:
            with writing(desk.engine) as tx:
                client_id = wanted.client.client_id
                service_tokens.add_service_token(
                    tx, token["access_token"], client_id, token["scope"], until
                )
                desk.journal.write(tx, Event.SERVICE_TOKEN_ISSUED, client_id=client_id)
            return
        grant: Grant = wanted.authorization_code
        # First: a code is not spent for a token that cannot be encrypted to its service just now.
        id_token = desk.tokens.id_token(grant, wanted.client, token["access_token"])
        with writing(desk.engine) as tx:
            spent = grants.redeem(tx, grant, token["access_token"], now, until)
            if spent:
                desk.journal.write(tx, Event.CODE_REDEEMED, **_marks(grant))
        if not spent:
            self.refuse_replay(grant)
        token["id_token"] = id_token

    def refuse_replay(self, grant: Grant) -> None:
        """A code used twice may have been stolen: what the first use gave is revoked as well."""
        with writing(self.desk.engine) as tx:
            grants.revoke(tx, grant, self.desk.clock())
            self.desk.journal.write(tx, Event.CODE_REPLAYED, **_marks(grant))
        raise CodeReusedError(detail="the code was used before; its tokens are revoked")


class _TokenRequest(OAuth2Request):  # type: ignore[misc]  # Authlib publishes no types
    def __init__(self, uri: str) -> None:
        super().__init__(request.method, uri, headers=request.headers)
        self.payload = FlaskOAuth2Payload(request)

    @property
    def args(self) -> Mapping[str, str]:
        return request.args

    @property
    def form(self) -> Mapping[str, str]:
        return request.form


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib publishes no types
    """Authorization codes of our own table."""

    def query_authorization_code(self, code: str, client: Client) -> Grant:
        """The living grant of this code for this client; a spent one is a replay."""
        desk: TokenDesk = self.server.desk
        with reading(desk.engine) as connection:
            grant = grants.find_by_code(connection, code, desk.sealer)
        if grant is None:
            raise CodeNotFoundError(detail="the code was never issued")
        if grant.client_id != client.client_id:
            raise CodeBindingError(detail="the code was issued to another client")
        if grant.redeemed_at is not None:
            self.server.refuse_replay(grant)
        if grant.revoked_at is not None or grant.code_expires_at <= desk.clock():
            raise CodeNotFoundError(detail="the code has expired")
        if self.request.form.get("redirect_uri") != grant.redirect_uri:
            raise CodeRedirectUriError(
                parameter="redirect_uri", detail="differs from the one of the request"
            )
        if not client.check_redirect_uri(grant.redirect_uri):
            raise CodeRedirectUriError(
                parameter="redirect_uri", detail="is not registered any more"
            )
        return as_of_today(grant, client)

    def authenticate_user(self, grant: Grant) -> str:
        """The person, re-checked: closed since consent means no token."""
        if not self.server.desk.still_active(grant):
            raise SubjectInactiveError(detail="the person, provider or account was closed")
        return grant.person

    def delete_authorization_code(self, _grant: Grant) -> None:
        """The code was spent when its token was stored."""


class ServiceGrant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib publishes no types
    """Client credentials, for the back channel of the insured domain only."""

    def validate_requested_scope(self) -> None:
        """The scope is asked for by name."""
        if self.request.form.get("scope") != INSURED_SCOPE:
            raise TokenScopeError(parameter="scope", detail=f"must be {INSURED_SCOPE}")


class Verifier(CodeChallenge):  # type: ignore[misc]  # Authlib publishes no types
    """PKCE at redemption; only S256 ever reaches it."""

    def validate_code_verifier(self, grant: CodeGrant, result: object) -> None:
        """Compare the verifier with the challenge of the request (RFC 7636 §4.6)."""
        try:
            super().validate_code_verifier(grant, result)
        except OAuth2Error as fault:
            raise CodeVerifierError(
                parameter="code_verifier", detail="does not prove the challenge of the request"
            ) from fault


def _marks(grant: Grant) -> dict[str, str]:
    return {
        "attempt": grant.attempt,
        "client_id": grant.client_id,
        "provider": grant.provider,
        "person": grant.person,
    }


def _in_our_words(fault: OAuth2Error) -> PasserelleError:
    kinds: dict[str, type[PasserelleError]] = {
        "unauthorized_client": GrantNotAllowedError,
        "invalid_grant": CodeNotFoundError,
    }
    if fault.error == "unsupported_grant_type":
        rule = "must be authorization_code or client_credentials"
        return UnsupportedGrantTypeError(parameter="grant_type", detail=rule)
    kind = kinds.get(str(fault.error), ApiRequestError)
    return kind(detail=str(fault.description or fault.error).replace('"', "'"))
