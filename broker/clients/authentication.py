"""How a service proves who it is: exactly one method, the one it registered (RFC 6749 §2.3)."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from flask import Request

from broker.clients.assertions import ASSERTION_TYPE, Assertions, refused
from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.clients.failures import Failures
from broker.clients.signed import protected_header
from broker.errors import (
    ApiRequestError,
    ClientAuthenticationMissingError,
    ClientMethodError,
    InvalidClientError,
)
from broker.sealing import unb64

_MAX_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request says of its sender: the method used, the identifier, its proof if any."""

    method: str
    client_id: str
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Tells which service sent a request; every refusal has its own class."""

    clients: Clients
    assertions: Assertions
    failures: Failures

    def authenticate(self, request: Request) -> Client:
        """The service, by the one method it registered."""
        presented = presented_by(request)
        name, proves = presented.client_id, presented.method != "none"
        with self.failures.of_secret(name, request.remote_addr, proves=proves):
            return self._proven(presented)

    def _proven(self, presented: Presented) -> Client:
        client = self.clients.find(presented.client_id)
        if client is None:
            raise InvalidClientError(detail="the client is unknown or its secret is wrong")
        registered = client.settings.client_auth
        if registered != presented.method:
            raise ClientMethodError(detail=f"this client uses {registered}")
        if presented.method == "private_key_jwt":
            self.assertions.check(client, presented.proof or "")
        elif presented.method != "none" and not client.check_client_secret(presented.proof or ""):
            raise InvalidClientError(detail="the client is unknown or its secret is wrong")
        return client


def presented_by(request: Request) -> Presented:
    """Read the one method this request uses; two at once are refused (RFC 6749 §2.3)."""
    form = request.form
    header = request.headers.get("Authorization")
    found = [
        _basic(header) if header is not None else None,
        _posted(form.get("client_id"), form.get("client_secret")),
        _asserted(form),
    ]
    methods = [presented for presented in found if presented is not None]
    if len(methods) > 1:
        raise ApiRequestError(detail="use one client authentication method, not two")
    named = form.get("client_id")
    if methods:
        if named not in {None, methods[0].client_id}:
            raise ApiRequestError(parameter="client_id", detail="is not the authenticated client")
        return methods[0]
    if not named:
        raise ClientAuthenticationMissingError(detail="no client authentication was sent")
    return Presented("none", named)


def _posted(client_id: str | None, secret: str | None) -> Presented | None:
    if secret is None:
        return None
    return Presented("client_secret_post", client_id or "", secret)


def _asserted(form: Mapping[str, str]) -> Presented | None:
    assertion = form.get("client_assertion")
    if assertion is None and form.get("client_assertion_type") is None:
        return None
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise ApiRequestError(parameter="client_assertion_type", detail=f"must be {ASSERTION_TYPE}")
    return Presented("private_key_jwt", _subject(assertion or ""), assertion)


def _subject(assertion: str) -> str:
    """The service an assertion claims to come from; nothing of it is trusted yet."""
    protected_header(assertion, refused)
    try:
        claims = json.loads(unb64(assertion.split(".")[1]))
    except (ValueError, RecursionError) as fault:
        raise refused("its claims are not JSON") from fault
    subject = claims.get("sub") if isinstance(claims, dict) else None
    return subject if isinstance(subject, str) else ""


def _basic(header: str) -> Presented:
    kind, _, token = header.partition(" ")
    if kind.lower() != "basic" or len(header) > _MAX_HEADER:
        raise ClientAuthenticationMissingError(detail="the Authorization header is not Basic")
    try:
        text = base64.b64decode(token.strip(), validate=True).decode()
    except ValueError as fault:  # not base64, not ASCII, or not UTF-8 inside
        raise InvalidClientError(detail="the Basic credentials are not valid base64") from fault
    client_id, colon, secret = text.partition(":")
    if not colon:
        raise InvalidClientError(detail="the Basic credentials hold no colon")
    # Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
    return Presented("client_secret_basic", unquote_plus(client_id), unquote_plus(secret))
