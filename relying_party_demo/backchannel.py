"""
The portal's line to the insurer: the broker's back channel, typed.

The portal proves itself with client credentials (RFC 6749 §4.4, scope `insured`); the token is
kept until just before its end, and forgotten when the broker refuses it. What is written carries a
key, so that any call may be made again without harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

import requests
from authlib.integrations.requests_client import OAuthError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relying_party_demo.openid.calls import equip, no_answer
from relying_party_demo.openid.errors import LoginError
from relying_party_demo.openid.login import RelyingParty
from relying_party_demo.outside import Outside

SCOPE = "insured"
_MARGIN, _SHORTEST, _LONGEST = 30, 60, 3600


class InsurerAwayError(Exception):
    """The insurer's records cannot be read for the moment; `detail` is for the log."""


class InsurerBusyError(InsurerAwayError):
    """So many passwords are being looked at that this one must be sent again in a few seconds."""


class NoSuchAccountError(Exception):
    """The insurer has no such account, or not any more."""


class TooManyError(Exception):
    """The insurer was asked too often; `retry_after` seconds until it listens again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"wait {retry_after} s")
        self.retry_after = retry_after


class Reply(BaseModel):
    """Answers may grow: what this portal does not know is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Holder(Reply):
    """The person of an account, as registered; a partial birth date stays text."""

    family_name: str
    usage_name: str | None = None
    given_names: tuple[str, ...] = ()
    birthdate: Annotated[date | str, Field(union_mode="left_to_right")]


class Rights(Reply):
    """Whether the person is covered, by which scheme and which fund."""

    open: bool
    scheme: str | None = None
    fund: str | None = None


class Link(Reply):
    """One identity provider through which this account is reached."""

    provider: str
    linked_at: datetime
    match: Literal["exact", "tolerant"] | None = None


class Contact(Reply):
    """How the person can be written to; masked by the insurer."""

    email_masked: str | None = None
    mobile_masked: str | None = None


class Account(Reply):
    """One account, as the back channel tells it."""

    account_id: str
    status: str
    created_at: datetime
    holder: Holder
    nir_masked: str
    rights: Rights
    links: tuple[Link, ...] = ()
    contact: Contact = Contact()


@dataclass(frozen=True, slots=True)
class _Pass:
    token: str
    until: float


class BackChannel:
    """Reads accounts. Shared by threads: the token is replaced in one assignment."""

    def __init__(self, address: str, party: RelyingParty, outside: Outside) -> None:
        self._address = address
        self._party = party
        self._clock = outside.clock
        self._http = equip(requests.Session(), outside.http)
        self._pass: _Pass | None = None

    def account(self, account_id: str) -> Account:
        """The account behind a claim `account_id`; InsurerAwayError, NoSuchAccountError."""
        answer = self._get(f"/accounts/{quote(account_id, safe='')}")
        try:
            account = Account.model_validate_json(answer.content)
        except ValidationError as fault:
            raise InsurerAwayError("account: a member is missing or wrong") from fault
        if account.account_id != account_id:
            raise InsurerAwayError("account: of another person")
        return account

    def post(self, path: str, body: Mapping[str, Any], key: str) -> bytes:
        """
        The JSON that the insurer answers; InsurerAwayError, InsurerBusyError, TooManyError.

        The same `key` and body within a day get the same answer, and nothing is done twice.
        """
        answer = self._send("POST", path, {"Idempotency-Key": key}, json=dict(body))
        if answer.status_code == requests.codes.too_many_requests:
            raise TooManyError(_seconds(answer.headers.get("Retry-After", "")))
        if answer.status_code == requests.codes.unavailable and _is_busy(answer):
            raise InsurerBusyError(f"{path}: many passwords at this moment")
        if answer.status_code != requests.codes.ok:
            raise InsurerAwayError(f"{path}: HTTP {answer.status_code}")
        return answer.content

    def exchange(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        key: str = "",
        more: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """
        Whatever the insurer answers, refusals included; InsurerAwayError when nobody does.

        What is written bears a `key`, 16 to 64 letters and digits, as in `post`; `more` headers
        are sent as they are.
        """
        headers = {**(more or {}), **({"Idempotency-Key": key} if key else {})}
        return self._send(method, path, headers, **({} if body is None else {"json": dict(body)}))

    def _get(self, path: str) -> requests.Response:
        answer = self._send("GET", path, {})
        if answer.status_code == requests.codes.not_found:
            raise NoSuchAccountError
        if answer.status_code != requests.codes.ok:
            raise InsurerAwayError(f"account: HTTP {answer.status_code}")
        return answer

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], **content: Any
    ) -> requests.Response:
        """The answer to one call, made again once with a new token when the first is refused."""
        answer = self._call(method, path, headers, **content)
        if answer.status_code == requests.codes.unauthorized:
            self._pass = None
            answer = self._call(method, path, headers, **content)
        return answer

    def _call(
        self, method: str, path: str, headers: Mapping[str, str], **content: Any
    ) -> requests.Response:
        bearer = {"Authorization": f"Bearer {self._token()}", "Accept": "application/json"}
        try:
            with no_answer("insurer"):
                return self._http.request(
                    method, f"{self._address}{path}", headers={**bearer, **headers}, **content
                )
        except LoginError as away:
            raise InsurerAwayError(away.detail) from away

    def _token(self) -> str:
        now, held = self._clock(), self._pass
        if held is None or not now < held.until <= now + _LONGEST:
            self._pass = held = self._new_pass(now)
        return held.token

    def _new_pass(self, now: float) -> _Pass:
        try:
            url = self._party.discovery.metadata().token_endpoint
            with no_answer("token"):
                reply = self._party.client().fetch_token(
                    url, grant_type="client_credentials", scope=SCOPE
                )
        except LoginError as away:
            raise InsurerAwayError(away.detail) from away
        except (OAuthError, ValueError, TypeError, RecursionError) as fault:
            raise InsurerAwayError(f"token: {type(fault).__name__}") from fault
        token, seconds = reply.get("access_token"), reply.get("expires_in")
        if not isinstance(token, str):
            raise InsurerAwayError("token: none in the answer")
        known = seconds if isinstance(seconds, int) else _SHORTEST
        return _Pass(token, now + min(_LONGEST, known) - _MARGIN)


def _seconds(text: str) -> int:
    """The seconds of a Retry-After header (RFC 9110 §10.2.3), a minute when it says none."""
    return int(text) if text.isascii() and text.isdecimal() else _SHORTEST


def _is_busy(answer: requests.Response) -> bool:
    try:
        said = answer.json()
    except requests.JSONDecodeError:
        return False
    return isinstance(said, dict) and said.get("error") == "too_many"
