"""
Existing accounts, checked where they are kept: a NIR and a password against an identity.

The provider proves itself by client credentials (RFC 6749 §4.4) and never keeps a password; its
own token is kept until shortly before it expires.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import requests
from pydantic import BaseModel, ConfigDict, Field

from mock_idps.secret import Secret

_TIMEOUT = (2, 6)
_SCOPE = "insured"
_MARGIN_SECONDS = 30.0
_UNAUTHORIZED = 401


class AccountsTable(BaseModel):
    """
    `[mock_idps.<id>.accounts]`: where accounts are checked, and as whom.

    `url` receives `{nir, password, origin}` by POST; `token_endpoint` gives the token it wants.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    token_endpoint: str
    client_id: str = Field(min_length=1)
    client_secret: Secret


@dataclass(frozen=True, slots=True)
class Checked:
    """
    What a check said.

    `traits` are those of the holder under standard claim names, `sub` being the account; without
    them `problem` says why: `wrong`, `wait`, `locked`, `borrowed` (an account that only another
    provider vouches for) or `away` (nobody answered).
    """

    traits: Mapping[str, Any] | None = None
    problem: str = "wrong"


CheckAccount = Callable[[str, str, str], Checked]
"""`(nir, password, origin)`; `origin` is the network address of the person."""


@dataclass(slots=True)
class AccountsElsewhere:
    """A `CheckAccount` that asks over HTTP. Safe between threads."""

    settings: AccountsTable
    session: requests.Session
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    _token: tuple[str, float] = ("", 0.0)
    _lock: Any = field(default_factory=Lock, repr=False)

    def __call__(self, nir: str, password: str, origin: str) -> Checked:
        """What the keeper of the accounts says of this number and password."""
        try:
            return _read(self._asked({"nir": nir, "password": password, "origin": origin}))
        except (requests.RequestException, ValueError, KeyError):
            return Checked(problem="away")

    def _asked(self, question: Mapping[str, str]) -> Mapping[str, Any]:
        reply = self._post(question)
        if reply.status_code == _UNAUTHORIZED:
            self._token = ("", 0.0)
            reply = self._post(question)
        reply.raise_for_status()
        answer: Mapping[str, Any] = reply.json()
        return answer

    def _post(self, question: Mapping[str, str]) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self._bearer()}",
            "Idempotency-Key": self.random(16).hex(),
        }
        url = self.settings.url
        return self.session.post(url, json=question, headers=headers, timeout=_TIMEOUT)

    def _bearer(self) -> str:
        with self._lock:
            token, until = self._token
            now = self.clock()
            if not token or not now < until:
                reply = self.session.post(
                    self.settings.token_endpoint,
                    data={"grant_type": "client_credentials", "scope": _SCOPE},
                    auth=(self.settings.client_id, self.settings.client_secret),
                    timeout=_TIMEOUT,
                )
                reply.raise_for_status()
                given = reply.json()
                token, until = given["access_token"], now + given["expires_in"] - _MARGIN_SECONDS
                self._token = (token, until)
            return token


def _read(answer: Mapping[str, Any]) -> Checked:
    result = answer.get("result")
    if result in {"wait", "locked"}:
        return Checked(problem=str(result))
    if result != "signed_in":
        return Checked()
    if answer.get("linked_only"):
        # Whoever got in here only by another provider proves nothing that it has not proven.
        return Checked(problem="borrowed")
    traits = {name: value for name, value in answer["identity"].items() if value is not None}
    return Checked({**traits, "sub": answer["account_id"]}, "")
