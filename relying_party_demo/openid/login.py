"""
One login, out and back.

`begin` gives the address to send the person to. `finish` reads the answer, in this order:

1. the state waits in this browser, once;
2. the answer names the broker it was asked of (RFC 9207);
3. it is no error;
4. the code buys tokens, with the PKCE verifier of this login;
5. the ID token passes every check;
6. userinfo is about the same subject.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError

from relying_party_demo.openid.attempts import Attempt, Attempts
from relying_party_demo.openid.calls import equip, no_answer
from relying_party_demo.openid.discovery import Discovery
from relying_party_demo.openid.errors import (
    AccountRefusedError,
    BrokerAwayError,
    DeclinedError,
    LoginError,
    UnexpectedReturnError,
    UnverifiedAnswerError,
)
from relying_party_demo.openid.logout_tokens import Ended, ended_session
from relying_party_demo.openid.tokens import Expected, id_token_claims
from relying_party_demo.openid.userinfo import userinfo_claims
from relying_party_demo.outside import Outside
from relying_party_demo.settings import ServiceTable

_NUMBER = re.compile(r"(?<![A-Z0-9])[A-Z][0-9A-F]{4,6}(?![A-Z0-9])")
_NO_ACCOUNT = "B04"
"""How the broker's numbers begin when the insurer could open no account."""


@dataclass(frozen=True, slots=True)
class Identified:
    """
    Who came, how and when.

    `subject` is the broker's name for the person at this service; `level` the `acr`; `at` Unix
    seconds; `claims` those of userinfo; `id_token` is kept for the logout request only; `sid` is
    the broker's name for its session, None when it gave none.
    """

    subject: str
    level: str
    at: float
    claims: Mapping[str, Any]
    id_token: str
    sid: str | None = None


class RelyingParty:
    """One service, as the broker knows it."""

    def __init__(self, service: ServiceTable, attempts: Attempts, outside: Outside) -> None:
        self._service = service
        self._attempts = attempts
        self._outside = outside
        self._http = equip(requests.Session(), outside.http)
        self.discovery = Discovery(service.broker_issuer, outside)

    def client(self) -> OAuth2Session:
        """Authlib's client, made for one use: it keeps the last token it received."""
        service = self._service
        client = OAuth2Session(
            service.client_id,
            service.client_secret,
            token_endpoint_auth_method=service.client_auth,
            scope=service.scope,
            redirect_uri=service.redirect_uri,
            code_challenge_method="S256",
        )
        return equip(client, self._outside.http)

    def begin(self, browser: str, language: str, *, anew: bool = False) -> str:
        """
        Where to send the person; `browser` is an unguessable text that this browser keeps.

        `anew` asks for a sign-in now, whatever session the broker has (OIDC Core 3.1.2.1).
        """
        endpoint = self.discovery.metadata().authorization_endpoint
        attempt = self._attempts.begin(browser)
        url, _ = self.client().create_authorization_url(
            endpoint,
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
            acr_values=self._service.acr_values,
            ui_locales=language,
            **({"prompt": "login"} if anew else {}),
        )
        return str(url)

    def finish(self, browser: str | None, answer: Mapping[str, Sequence[str]]) -> Identified:
        """Who came back with this answer (query parameters); LoginError when nobody did."""
        attempt = self._waiting(browser, _only(answer, "state"))
        if _only(answer, "iss") != self._service.broker_issuer:
            raise UnverifiedAnswerError("answer: iss")
        if answer.get("error"):
            raise _said(_only(answer, "error"), _only(answer, "error_description"))
        code = _only(answer, "code")
        if not code:
            raise UnverifiedAnswerError("answer: no code")
        access_token, id_token = self._tokens(code, attempt)
        expected = Expected(
            self._service.broker_issuer,
            self._service.client_id,
            attempt.nonce,
            access_token,
            self._service.levels_asked,
        )
        proven = id_token_claims(id_token, expected, self.discovery, self._outside.clock)
        claims = userinfo_claims(access_token, self._service, self.discovery, self._http)
        if claims.get("sub") != proven["sub"]:
            raise UnverifiedAnswerError("userinfo: another sub")
        sid = proven.get("sid")
        return Identified(
            proven["sub"],
            proven["acr"],
            float(proven["auth_time"]),
            claims,
            id_token,
            sid if isinstance(sid, str) else None,
        )

    def ended_session(self, logout_token: str) -> Ended:
        """What the broker's logout token ends; UnverifiedAnswerError, BrokerAwayError."""
        meant = (self._service.broker_issuer, self._service.client_id)
        return ended_session(logout_token, meant, self.discovery, self._outside.clock)

    def logout_url(self, id_token: str, state: str) -> str | None:
        """Where to send a person who leaves; None when the broker ends no session."""
        endpoint = self.discovery.metadata().end_session_endpoint
        if endpoint is None:
            return None
        query = {
            "id_token_hint": id_token,
            "client_id": self._service.client_id,
            "post_logout_redirect_uri": self._service.home_uri,
            "state": state,
        }
        return f"{endpoint}?{urlencode(query)}"

    def _waiting(self, browser: str | None, state: str) -> Attempt:
        attempt = self._attempts.spend(state, browser) if browser and state else None
        if attempt is None:
            raise UnexpectedReturnError("answer: no login waits for this state in this browser")
        return attempt

    def _tokens(self, code: str, attempt: Attempt) -> tuple[str, str]:
        url = self.discovery.metadata().token_endpoint
        try:
            with no_answer("token"):
                reply = self.client().fetch_token(
                    url,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                )
        except OAuthError as refused:
            raise _token_refused(refused) from refused
        except (ValueError, TypeError, RecursionError) as fault:
            raise UnverifiedAnswerError("token: no JSON object") from fault
        access_token, id_token = reply.get("access_token"), reply.get("id_token")
        bearer = str(reply.get("token_type")).lower() == "bearer"
        if not (isinstance(access_token, str) and isinstance(id_token, str) and bearer):
            raise UnverifiedAnswerError("token: a member is missing or wrong")
        return access_token, id_token


def _only(answer: Mapping[str, Sequence[str]], name: str) -> str:
    """The value of a parameter; empty when it is missing or repeated (RFC 6749 §3.1)."""
    values = answer.get(name, ())
    return values[0] if len(values) == 1 else ""


def _said(error: str, description: str) -> LoginError:
    """What the broker's error means for the person; its own words are never shown."""
    found = _NUMBER.search(description)
    number = found[0] if found else None
    if error == "access_denied":
        refused = number is not None and number.startswith(_NO_ACCOUNT)
        return (AccountRefusedError if refused else DeclinedError)("access_denied", number)
    if error in {"temporarily_unavailable", "server_error"}:
        return BrokerAwayError(f"answer: {error}", number)
    return UnverifiedAnswerError("answer: the request was refused", number)


def _token_refused(refused: OAuthError) -> LoginError:
    if refused.error == "invalid_grant":
        return UnexpectedReturnError("token: the code is spent or too old")
    return UnverifiedAnswerError("token: the request was refused")
