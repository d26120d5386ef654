"""What all screens have in common."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """
    One page to show.

    `template` is its file in `templates/`; `script` the file in `static/` it works better with, or
    None; `failed` tells that its title begins with "Erreur :"; `is_reading` that it is read on the
    way and leads back. `service` is the name of the service the person came from; `abandon_url`
    the way back there without logging in; `form_targets` the origins (`https://host[:port]`) where
    the answer to its form may end, after every redirect: browsers refuse any other one (Content
    Security Policy, form-action).
    """

    template: ClassVar[str]
    script: ClassVar[str | None] = None
    failed: ClassVar[bool] = False
    is_reading: ClassVar[bool] = False

    service: str | None = None
    abandon_url: str | None = None
    form_targets: tuple[str, ...] = ()

    @property
    def place(self) -> str | None:
        """The path that shows this page again; None when it is the one of the request."""
        return None

    @property
    def status(self) -> int:
        """The HTTP status this page is sent with."""
        return 200
