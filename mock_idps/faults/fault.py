"""What a fault is, and the one place where an honest answer may become a lie."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from mock_idps.asked import NOTHING_ASKED, Asked
from mock_idps.dialects import Dialect
from mock_idps.keys import KeyRing
from mock_idps.outside import Outside
from mock_idps.settings import MockSettings

T = TypeVar("T")


class Where(StrEnum):
    """The answer that is falsified."""

    REDIRECT = "redirect"  # where the browser is sent back, with what: Answer
    TOKEN = "token"  # noqa: S105 - the token endpoint: Response
    ID_TOKEN = "id_token"  # noqa: S105 - the ID token before its signature: Draft
    CIPHER = "cipher"  # the key an ID token is encrypted to, None for no encryption
    SUBJECT = "subject"  # the subject in ID token and userinfo alike, `...` for none
    CLAIMS = "claims"  # the userinfo under standard names, before signature: dict
    SIGNED_USERINFO = "signed_userinfo"  # where promised: Draft, None for no signature
    USERINFO = "userinfo"  # the userinfo endpoint: Response
    JWKS = "jwks"  # the next answer of the JWKS endpoint: Response
    DISCOVERY = "discovery"  # the next discovery document: Response


class Ends(StrEnum):
    """How a login that meets the fault must end; nothing of it is stored unless it goes on."""

    BANNER = "banner"  # the page of providers, with a banner naming this one
    PAGE = "page"  # a numbered page: the attempt cannot be told from the answer
    GOES_ON = "goes_on"  # the fault does no harm: the login succeeds
    AS_ASKED = "as_asked"  # as BANNER when the request asked for what is missing, else GOES_ON


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back through the browser: the address and its parameters."""

    uri: str
    parameters: Mapping[str, str]

    @property
    def url(self) -> str:
        """The address with its parameters."""
        separator = "&" if "?" in self.uri else "?"
        return f"{self.uri}{separator}{urlencode(self.parameters)}"

    def but(self, **changes: str) -> "Answer":
        """The same with other parameters; an empty text removes one."""
        merged = {**self.parameters, **changes}
        return Answer(self.uri, {name: value for name, value in merged.items() if value})


@dataclass(frozen=True, slots=True)
class Liar:
    """What a lie may lean on: the issuer, its keys, the world, the request and the person."""

    settings: MockSettings
    keys: KeyRing
    outside: Outside
    asked: Asked = NOTHING_ASKED
    persona: str = ""

    @property
    def now(self) -> int:
        """Unix seconds."""
        return int(self.outside.clock())


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One lie: `does` and `expects` are sentences for testers, `act(honest, liar)` the lie itself.

    `only` names the attribute of the dialect without which the lie has no sense.
    """

    name: str
    where: Where
    does: str
    expects: str
    act: Callable[[Any, Liar], Any]
    ends: Ends = Ends.BANNER
    only: str = ""

    def spoken_in(self, dialect: Dialect) -> bool:
        """Whether an issuer of that dialect can tell this lie."""
        return not self.only or bool(getattr(dialect, self.only))


def lie(fault: Fault | None, where: Where, honest: T, liar: Liar) -> T:
    """The honest answer, or what the fault of this login makes of it."""
    if fault is None or fault.where is not where:
        return honest
    told: T = fault.act(honest, liar)
    return told
