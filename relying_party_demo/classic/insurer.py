"""
The insurer's decisions of the classic way, typed: one method for each thing that a person asks.

Every call carries a key and may be made again without harm. InsurerAwayError when there is no
usable answer, TooManyError when it must be asked later.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from relying_party_demo.backchannel import BackChannel, InsurerAwayError, Reply

_TOLD_WITH = {
    "signed_in": ("account_id",),
    "code_sent": ("challenge",),
    "wait": ("retry_after",),
    "asked": ("recovery",),
}


class Answer(Reply):
    """What every answer has: a result, and the members that go with it."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        result = getattr(self, "result", "")
        if any(getattr(self, name) is None for name in _TOLD_WITH.get(result, ())):
            raise ValueError(f"{result} lacks a member")
        return self


class Created(Answer):
    """
    A creation: a mail was sent, or `reason` says why not.

    `usable_on` is the day from which a new IBAN serves, `allowed_from` the sixteenth birthday.
    """

    result: Literal["mail_sent", "refused"]
    reason: str = ""
    usable_on: date | None = None
    allowed_from: Annotated[date | None, Field(alias="from")] = None


class LinkState(Answer):
    """Whether an activation link may still be used."""

    result: Literal["valid", "expired", "unknown"]


class Activated(Answer):
    """An activation: done, too late, or a password that breaks the rules named in `faults`."""

    result: Literal["done", "expired", "unknown", "password"]
    faults: tuple[str, ...] = ()


class SignIn(Answer):
    """A sign-in with a password; `challenge` goes with the code that was sent."""

    result: Literal["signed_in", "code_sent", "refused", "wait", "locked"]
    account_id: str | None = None
    challenge: str | None = None
    email_masked: str = ""
    retry_after: int | None = None


class CodeTried(Answer):
    """A code of a first sign-in; `left` more tries when it is wrong."""

    result: Literal["signed_in", "wrong", "dead"]
    account_id: str | None = None
    left: int = 0


class CodeAgain(Answer):
    """Another code, or none when the password was proven too long ago."""

    result: Literal["code_sent", "dead"]
    challenge: str | None = None


class Asked(Answer):
    """
    A recovery, the same for everybody, or what is malformed (`reason`).

    `recovery` goes with the code, whether one was sent or not.
    """

    result: Literal["asked", "refused"]
    recovery: str | None = None
    reason: str = ""


class Recovered(Answer):
    """A new password: done, a wrong code, or the rules that the password breaks."""

    result: Literal["done", "wrong", "password"]
    faults: tuple[str, ...] = ()


Kind = TypeVar("Kind", bound=Answer)


class Insurer:
    """The classic way, at the other end of the back channel."""

    def __init__(self, channel: BackChannel) -> None:
        self._channel = channel

    def create(self, fields: dict[str, str], key: str) -> Created:
        """Ask for an account: six fields, `origin`, `language`."""
        return self._asked("/creations", fields, key, Created)

    def read_link(self, token: str, key: str) -> LinkState:
        """Look at an activation link; nothing changes."""
        return self._asked("/activations/read", {"token": token}, key, LinkState)

    def activate(self, token: str, password: str, language: str, key: str) -> Activated:
        """Choose the first password."""
        body = {"token": token, "password": password, "language": language}
        return self._asked("/activations", body, key, Activated)

    def sign_in(self, fields: dict[str, Any], key: str) -> SignIn:
        """Prove the number and the password; `device` and `origin` say from where."""
        return self._asked("/sign-ins", fields, key, SignIn)

    def try_code(self, challenge: str, code: str, key: str) -> CodeTried:
        """Finish a first sign-in."""
        return self._asked("/sign-ins/code", {"challenge": challenge, "code": code}, key, CodeTried)

    def send_code_again(self, challenge: str, key: str) -> CodeAgain:
        """Ask for another code; those before it are dead."""
        return self._asked("/sign-ins/code/again", {"challenge": challenge}, key, CodeAgain)

    def ask_recovery(self, fields: dict[str, str], key: str) -> Asked:
        """Ask for a provisional code: number, birth date, channel, `origin`, `language`."""
        return self._asked("/recoveries", fields, key, Asked)

    def recover(self, recovery: str, code: str, password: str, key: str) -> Recovered:
        """Choose a new password with a provisional code."""
        body = {"recovery": recovery, "code": code, "password": password}
        return self._asked("/recoveries/code", body, key, Recovered)

    def _asked(self, path: str, body: dict[str, Any], key: str, kind: type[Kind]) -> Kind:
        content = self._channel.post(path, body, key)
        try:
            return kind.model_validate_json(content)
        except ValidationError as fault:
            raise InsurerAwayError(f"{path}: a member is missing or wrong") from fault
