"""
The back channel: the small JSON API by which the portal reads the insured domain.

Authorised by a client-credentials token of a service that may use it; an account is named by the
pairwise reference that this service received, so that one service never reads another's.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Engine

from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.database import reading
from broker.errors import (
    AccountNotFoundError,
    BackChannelForbiddenError,
    InsufficientScopeError,
    InvalidTokenError,
    TokenMissingError,
)
from broker.insured.accounts.settle import Accounts
from broker.insured.accounts.summary import account
from broker.openid.service_tokens import find_service_token
from broker.openid.token import INSURED_SCOPE
from broker.outside import Clock
from broker.subjects.pairwise import sector_of


@dataclass(frozen=True, slots=True)
class BackChannel:
    """Checks who calls, and answers from the accounts."""

    engine: Engine
    accounts: Accounts
    clients: Clients
    clock: Clock

    def caller(self) -> Client:
        """The service whose token this request bears."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise TokenMissingError
        with reading(self.engine) as connection:
            found = find_service_token(connection, token.strip(), self.clock())
        client = self.clients.find(found.client_id) if found else None
        if found is None or client is None:
            raise InvalidTokenError(detail="the access token is unknown or expired")
        if found.scope != INSURED_SCOPE:
            raise InsufficientScopeError(parameter="scope", detail=f"{INSURED_SCOPE} is needed")
        if not client.settings.back_channel:
            raise BackChannelForbiddenError
        return client

    def read_account(self, account_id: str) -> Response:
        """The account of that reference, as this service may see it."""
        settings = self.caller().settings
        sector = sector_of(settings.redirect_uris[0], settings.sector_identifier)
        found = account(self.accounts.engine, self.accounts.sealing, account_id, sector)
        if found is None:
            raise AccountNotFoundError
        answer = jsonify(found)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def backchannel_api(channel: BackChannel) -> Blueprint:
    """The addresses of the back channel."""
    blueprint = Blueprint("backchannel", __name__, url_prefix="/api/insured/v1")

    @blueprint.get("/accounts/<account_id>")
    def read_account(account_id: str) -> Response:
        return channel.read_account(account_id)

    return blueprint
