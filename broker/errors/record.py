"""What every error carries, and where it may be shown."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Literal

Language = Literal["fr", "en"]

Lines = tuple[str, ...]
"""Short texts shown one under the other."""

_BEFORE_A_SIGN = re.compile(r" (?=[:;?!»])|(?<=«) ")


class Fate(StrEnum):
    """
    Where an error may be shown.

    SHOWN: on a page of ours, never sent anywhere. REDIRECTED: sent to the service once its
    redirect URI is proven, shown otherwise. JSON: the body of an API answer. BANNER: a line on
    the page of providers, so that the person can choose again.
    """

    SHOWN = "shown"
    REDIRECTED = "redirected"
    JSON = "json"
    BANNER = "banner"


class PasserelleError(Exception):
    """
    The root of every refusal of the broker; only its numbered subclasses are raised.

    `number` is ours and unique; `alias` the number FranceConnect has for the same event; `status`
    the HTTP status when shown or answered as JSON; `oauth` the error code of the protocol, or
    None where the RFC wants none; `challenge` the scheme of `WWW-Authenticate`. `refused_on_page`
    tells that FranceConnect shows this error instead of sending it to the service. The texts of
    `title`, `public` and `following` are for the person, `operator` for whoever reads the log.
    """

    number: ClassVar[str] = ""
    alias: ClassVar[str | None] = None
    status: ClassVar[int] = 400
    oauth: ClassVar[str | None] = None
    fate: ClassVar[Fate] = Fate.SHOWN
    challenge: ClassVar[Literal["Basic", "Bearer"] | None] = None
    refused_on_page: ClassVar[bool] = False

    title_fr: ClassVar[str] = ""
    title_en: ClassVar[str] = ""
    public_fr: ClassVar[str] = ""
    public_en: ClassVar[str] = ""
    next_fr: ClassVar[Lines] = ()
    next_en: ClassVar[Lines] = ()
    operator: ClassVar[str] = ""

    def __init__(
        self,
        detail: str | None = None,
        *,
        parameter: str | None = None,
        retry_after: int | None = None,
        log: Mapping[str, Any] | None = None,
    ) -> None:
        """
        `detail` is the rule that was broken, in English, for the developer of the service, and
        `parameter` the name of what broke it; neither ever holds a value that was received.
        `retry_after` is in seconds. `log` holds private facts: they reach the log, never a page.
        """
        super().__init__(f"{self.number} {self.description(parameter, detail)}")
        self.detail = detail
        self.parameter = parameter
        self.retry_after = retry_after
        self.log: Mapping[str, Any] = dict(log or {})

    @property
    def explanation(self) -> str:
        """One English sentence for the developer: `error_description` of RFC 6749 §5.2."""
        return self.description(self.parameter, self.detail)

    @classmethod
    def description(cls, parameter: str | None = None, detail: str | None = None) -> str:
        """Name the parameter and the rule when they are known, the event otherwise."""
        if parameter and detail:
            return f"{parameter}: {detail}"
        return detail or (f"{parameter}: {cls.public_en}" if parameter else cls.public_en)

    @classmethod
    def title(cls, language: Language) -> str:
        """The heading of the page."""
        return spaced(cls.title_fr) if language == "fr" else cls.title_en

    @classmethod
    def public(cls, language: Language) -> str:
        """What happened, in one sentence."""
        return spaced(cls.public_fr) if language == "fr" else cls.public_en

    @classmethod
    def following(cls, language: Language) -> Lines:
        """What to do next, three lines at most."""
        return tuple(map(spaced, cls.next_fr)) if language == "fr" else cls.next_en


def spaced(french: str) -> str:
    """No line begins with a colon or a question mark: the space before them does not break."""
    return _BEFORE_A_SIGN.sub("\N{NO-BREAK SPACE}", french)
