"""How a service proves who it is: exactly one method, the one it registered (RFC 6749 §2.3)."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote_plus

from flask import Request

from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.errors import (
    ApiRequestError,
    ClientAuthenticationMissingError,
    ClientMethodError,
    InvalidClientError,
)

_MAX_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request says of its sender: the method used, the identifier, the secret if any."""

    method: str
    client_id: str
    secret: str | None = None


def authenticate(request: Request, clients: Clients) -> Client:
    """The service that sent this request; every refusal has its own class."""
    presented = presented_by(request)
    client = clients.find(presented.client_id)
    if client is None:
        raise InvalidClientError(detail="the client is unknown or its secret is wrong")
    if client.settings.client_auth != presented.method:
        raise ClientMethodError(detail=f"this client uses {client.settings.client_auth}")
    if presented.method != "none" and not client.check_client_secret(presented.secret or ""):
        raise InvalidClientError(detail="the client is unknown or its secret is wrong")
    return client


def presented_by(request: Request) -> Presented:
    """Read the one method this request uses; two at once are refused (RFC 6749 §2.3)."""
    form_id, form_secret = request.form.get("client_id"), request.form.get("client_secret")
    header = request.headers.get("Authorization")
    if header is not None:
        basic = _basic(header)
        if form_secret is not None or form_id not in {None, basic.client_id}:
            raise ApiRequestError(detail="use one client authentication method, not two")
        return basic
    if not form_id:
        raise ClientAuthenticationMissingError(detail="no client authentication was sent")
    if form_secret is not None:
        return Presented("client_secret_post", form_id, form_secret)
    return Presented("none", form_id)


def _basic(header: str) -> Presented:
    kind, _, token = header.partition(" ")
    if kind.lower() != "basic" or len(header) > _MAX_HEADER:
        raise ClientAuthenticationMissingError(detail="the Authorization header is not Basic")
    try:
        text = base64.b64decode(token.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as fault:
        raise ApiRequestError(detail="the Basic credentials are not valid base64") from fault
    client_id, colon, secret = text.partition(":")
    if not colon:
        raise ApiRequestError(detail="the Basic credentials hold no colon")
    # Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
    return Presented("client_secret_basic", unquote_plus(client_id), unquote_plus(secret))
