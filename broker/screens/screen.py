"""What all screens have in common."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """
    One page to show.

    `template` is its file in `templates/`; `script` the file in `static/` it works better with, or
    None; `failed` tells that its title begins with "Erreur :"; `is_reading` that it is read on the
    way and leads back. `service` is the name of the service the person came from; `abandon_url`
    the way back there without logging in; `form_targets` the origins (`https://host[:port]`) where
    the answer to its form may end, after every redirect: browsers refuse any other one (Content
    Security Policy, form-action). `valid_until` is when the login in progress ends, in Unix
    seconds, where people should know.
    """

    template: ClassVar[str]
    script: ClassVar[str | None] = None
    failed: ClassVar[bool] = False
    is_reading: ClassVar[bool] = False

    service: str | None = None
    abandon_url: str | None = None
    form_targets: tuple[str, ...] = ()
    valid_until: float | None = None

    @property
    def place(self) -> str | None:
        """The path that shows this page again; None when it is the one of the request."""
        return None

    @property
    def ends_at(self) -> str | None:
        """The hour the login in progress ends, in Paris."""
        if self.valid_until is None:
            return None
        return datetime.fromtimestamp(self.valid_until, PARIS).strftime("%H:%M")

    @property
    def status(self) -> int:
        """The HTTP status this page is sent with."""
        return 200
