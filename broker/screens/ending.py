"""Errors, logging out, and the page that carries an answer back to a service."""

from dataclasses import dataclass
from typing import ClassVar

from broker.errors import PasserelleError
from broker.screens.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorScreen(Screen):
    """
    An error, in words. `reference` is the correlation id that also stands in the log.

    `other_account_url` goes to the page of providers, `continue_url` to where the login in
    progress stands, `again_url` to the same page once more, `home_url` back to the service; the
    first of them is the button, and the help where there is none. The detail of the error, for
    the developers of the service, is folded away.
    """

    template: ClassVar[str] = "error.html"
    script: ClassVar[str | None] = "copy.js"
    failed: ClassVar[bool] = True

    error: PasserelleError
    reference: str
    home_url: str | None = None
    other_account_url: str | None = None
    continue_url: str | None = None
    again_url: str | None = None

    @property
    def status(self) -> int:
        """The status of the error."""
        return self.error.status

    @property
    def way_on(self) -> str:
        """Which of the ways on is the button."""
        ways = {
            "other_account": self.other_account_url,
            "continue": self.continue_url,
            "again": self.again_url,
            "home": self.home_url,
        }
        return next((name for name, url in ways.items() if url), "help")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPostScreen(Screen):
    """
    An answer that goes to the service by POST (OAuth 2.0 Form Post Response Mode 1.0).

    Sent by a script when there is one, by a button otherwise. `fields` are names and values.
    """

    template: ClassVar[str] = "form_post.html"
    script: ClassVar[str | None] = "send.js"

    action: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutConfirmScreen(Screen):
    """
    Log out, or stay? `confirm_url` receives an empty form; `stay_url` goes back, if anywhere.

    `signed_in` False: there is nothing to log out from in this browser.
    """

    template: ClassVar[str] = "logout.html"

    confirm_url: str
    stay_url: str | None = None
    signed_in: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOutScreen(Screen):
    """
    Logged out of the broker.

    `provider` is the label of a provider where the person may still be signed in; `return_url` the
    service's page, when it named none for the redirect.
    """

    template: ClassVar[str] = "logged_out.html"

    return_url: str | None = None
    provider: str | None = None
