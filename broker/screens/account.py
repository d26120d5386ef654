"""What the matching said: an account was created or found, or why there is none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from broker.errors import MatchingRefusedError
from broker.screens.phone_line import PhoneLine, phone_line
from broker.screens.screen import Screen
from broker.screens.wording import day_in_words


class AccountNews(StrEnum):
    """CREATED now; LINKED: a classic account was found; EXISTING: linked at an earlier login."""

    CREATED = "created"
    LINKED = "linked"
    EXISTING = "existing"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountScreen(Screen):
    """
    The account is there. `continue_url` receives an empty form and leads to the service.

    `email_wanted`: the account has no address, so the service will ask for one; `email_taken`
    that the provider's belongs to another account (D12). `has_password`: a password opens the
    account too.
    """

    template: ClassVar[str] = "account.html"

    news: AccountNews
    continue_url: str
    email_wanted: bool = False
    email_taken: bool = False
    has_password: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalScreen(Screen):
    """
    No account, why, and what to do (D0, D3 to D11).

    `case` is the number an advisor can open; `now` Unix seconds, to tell whether the telephone
    line is open; `leave_url` goes back to the service, which receives `access_denied`;
    `classic_url` is the service's own form; `other_account_url` the page of providers.
    """

    template: ClassVar[str] = "refusal.html"
    script: ClassVar[str | None] = "copy.js"
    failed: ClassVar[bool] = True

    error: type[MatchingRefusedError]
    now: float
    leave_url: str
    case: str | None = None
    classic_url: str | None = None
    other_account_url: str | None = None

    @property
    def status(self) -> int:
        """The status of the refusal."""
        return self.error.status

    @property
    def line(self) -> PhoneLine:
        """The telephone line as it is now."""
        return phone_line(self.now)

    @property
    def opening_day(self) -> str:
        """The day the line opens next, in words."""
        return day_in_words(self.line.opens_at.date())
