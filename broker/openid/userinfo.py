"""Userinfo: the claims a person let go, to whoever holds the access token (OIDC Core §5.3)."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, jsonify, request
from sqlalchemy import Engine

from broker.clients.directory import Clients
from broker.database import reading
from broker.errors import InvalidTokenError, TokenMissingError, TokenPlacementError
from broker.openid import grants
from broker.openid.grants import Grant
from broker.openid.today import as_of_today
from broker.openid.tokens import TokenMaker
from broker.outside import Clock
from broker.sealing import Sealer


def bearer_token() -> str:
    """
    The access token of the current request (RFC 6750 §2.1, §2.2).

    Taken from the header, or from the form body of a POST; a token in the address is refused,
    since addresses are logged.
    """
    if "access_token" in request.args:
        raise TokenPlacementError(parameter="access_token", detail="must not be in the address")
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    in_body = request.form.getlist("access_token") if request.method == "POST" else []
    in_header = [token.strip()] if kind.lower() == "bearer" and token.strip() else []
    tokens = in_header + in_body
    if len(tokens) > 1:
        raise TokenPlacementError(parameter="access_token", detail="was sent twice")
    if not tokens or not tokens[0]:
        raise TokenMissingError
    return tokens[0]


@dataclass(frozen=True, slots=True)
class UserinfoDesk:
    """What the userinfo endpoint works with; `still_active` re-checks person and provider."""

    engine: Engine
    clients: Clients
    sealer: Sealer
    tokens: TokenMaker
    clock: Clock
    still_active: Callable[[Grant], bool]

    def answer(self) -> Response:
        """The claims, as JSON or as the JWT this service registered for."""
        token = bearer_token()
        with reading(self.engine) as connection:
            grant = grants.find_by_token(connection, token, self.sealer)
        if grant is None or not grant.token_lives(self.clock()) or not self.still_active(grant):
            raise InvalidTokenError(detail="the access token is unknown, expired or revoked")
        client = self.clients.active(grant.client_id)
        grant = as_of_today(grant, client)
        alg = client.userinfo_alg
        if alg is None:
            answer = jsonify(grant.content["userinfo"])
        else:
            signed = self.tokens.userinfo_jwt(grant, client, alg)
            answer = Response(signed, mimetype="application/jwt")
        answer.headers["Cache-Control"] = "no-store"
        return answer
