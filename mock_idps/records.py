"""What a mock remembers of one sign-in, from the page to the tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_idps.asked import Asked
from mock_idps.faults.fault import Fault


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in page that waits for its person; `fault` is already chosen when named by a hint."""

    asked: Asked
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """
    A request sent to a phone for the sign-in page `sign_in`.

    `digits` are shown on both screens; `state` is `waiting`, `approved` or `denied`.
    """

    sign_in: str
    persona: str
    fault: str
    digits: str
    state: str = "waiting"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """
    A person who proved who they are, at `auth_time` (Unix seconds).

    `traits` are claims under their standard names; `highest` bounds the level, `level` imposes one
    (a made-up identity says its own); `persona` is empty for a made-up identity.
    """

    subject: str
    traits: Mapping[str, Any]
    auth_time: int
    amr: tuple[str, ...] = ("pwd",)
    highest: str = "eidas3"
    level: str = ""
    persona: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code or an access token stands for."""

    asked: Asked
    person: SignedIn
    level: str
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """One request this provider received, its secrets replaced by dots, for the inspector."""

    at: float
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
