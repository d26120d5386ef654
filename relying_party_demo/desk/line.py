"""The desk's line to the insurer, typed: the portal's own token, and the session of an advisor."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import requests
from pydantic import BaseModel, ValidationError

from relying_party_demo.backchannel import BackChannel, InsurerAwayError
from relying_party_demo.desk.answers import File, Found, Overview, Refusal, SignedIn

_DESCRIBED = re.compile(r"(?:(?P<field>[\w.-]+): )?(?P<rule>.*) \(B\d+\)")
Answer = TypeVar("Answer", bound=BaseModel)


class DeskRefusedError(Exception):
    """The insurer says no: `error` in one word, the `field` concerned and the `rule` it breaks."""

    def __init__(self, error: str, field: str = "", rule: str = "") -> None:
        super().__init__(error)
        self.error, self.field, self.rule = error, field, rule


class NotAtWorkError(DeskRefusedError):
    """No advisor is signed in, or not any more."""


class DeskLine:
    """The desk of the insurer. DeskRefusedError when it refuses, InsurerAwayError when away."""

    def __init__(self, channel: BackChannel) -> None:
        self._channel = channel

    def sign_in(self, name: str, password: str, code: str) -> SignedIn:
        """A session for an advisor."""
        said = {"name": name, "password": password, "code": code}
        return _read(self._asked("", "POST", "/desk/sessions", said), SignedIn)

    def sign_out(self, token: str) -> None:
        """End the session."""
        self._asked(token, "DELETE", "/desk/session")

    def overview(self, token: str) -> Overview:
        """What waits."""
        return _read(self._asked(token, "GET", "/desk/overview"), Overview)

    def search(self, token: str, said: Mapping[str, str]) -> str:
        """A consultation that shows who comes near."""
        return self._opened(token, "/desk/searches", said)

    def open_case(self, token: str, said: Mapping[str, str]) -> str:
        """A consultation of a refused login."""
        return self._opened(token, "/desk/cases", said)

    def refusal(self, token: str, number: str) -> Refusal:
        """What the number of a page means."""
        path = f"/desk/refusals/{quote(number, safe='')}"
        return _read(self._asked(token, "GET", path), Refusal)

    def open_message(self, token: str, number: int, said: Mapping[str, str]) -> str:
        """The file of whoever wrote a message."""
        return self._opened(token, f"/desk/messages/{number}", said)

    def open_file(self, token: str, source: str, person: int) -> str:
        """The file of a person that a consultation shows."""
        return self._opened(token, "/desk/files", {"source": source, "person": person})

    def consultation(self, token: str, number: str) -> Found | File:
        """What a consultation opened."""
        answer = self._asked(token, "GET", _place(number))
        if answer.get("kind") == "file":
            return _read(answer, File)
        return _read(answer, Found)

    def act(
        self, token: str, number: str, act: str, key: str, said: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Do something within a consultation, once for each key."""
        return self._asked(token, "POST", f"{_place(number)}/{act}", said or {}, key)

    def redeem(self, said: Mapping[str, Any], key: str) -> bytes:
        """What became of a code received by post, as JSON; no advisor is needed."""
        return self._channel.post("/post-codes/redemption", said, key)

    def _opened(self, token: str, path: str, said: Mapping[str, Any]) -> str:
        number = self._asked(token, "POST", path, said).get("consultation")
        if not isinstance(number, str):
            raise InsurerAwayError(f"{path}: no consultation in the answer")
        return number

    def _asked(
        self,
        token: str,
        method: str,
        path: str,
        said: Mapping[str, Any] | None = None,
        key: str = "",
    ) -> dict[str, Any]:
        more = {"Staff-Session": token} if token else {}
        answer = self._channel.exchange(method, path, said, key, more)
        document = _document(answer, path)
        if answer.status_code == requests.codes.ok:
            return document
        raise _refusal(answer, document, path)


def _document(answer: requests.Response, path: str) -> dict[str, Any]:
    try:
        document = answer.json()
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise InsurerAwayError(f"{path}: HTTP {answer.status_code}, no JSON object")
    return document


def _refusal(answer: requests.Response, document: dict[str, Any], path: str) -> Exception:
    if answer.status_code >= requests.codes.server_error:
        return InsurerAwayError(f"{path}: HTTP {answer.status_code}")
    error = str(document.get("error", ""))
    if error == "staff_session":
        return NotAtWorkError(error)
    found = _DESCRIBED.fullmatch(str(document.get("error_description", "")))
    if found is None:
        return DeskRefusedError(error)
    return DeskRefusedError(error, found["field"] or "", found["rule"])


def _read(document: dict[str, Any], kind: type[Answer]) -> Answer:
    try:
        return kind.model_validate(document)
    except ValidationError as fault:
        raise InsurerAwayError(f"desk: {kind.__name__} is not as documented") from fault


def _place(number: str) -> str:
    return f"/desk/consultations/{quote(number, safe='')}"
