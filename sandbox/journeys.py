"""Journeys across the applications, in the words of a person: log in, accept, decline, give up."""

from typing import Self
from urllib.parse import urldefrag

from sandbox.browser import Browser, NotOnPageError, Page
from sandbox.sites import Site

_ALL_THE_WAY = (
    "leave-continue",
    "open-phone",
    "phone-approve",
    "phone-back",
)
"""Controls between the service and the consent page that leave no choice."""


class LoginPage(Page):
    """A page met during a login."""

    _tab: "Visitor"

    @property
    def sent_back(self) -> dict[str, str]:
        """The latest authorization response that this tab carried to a service; empty before."""
        return self._tab.sent_back()

    def accept(self) -> Self:
        """Agree to what is shown, and go on to the service; a refusal on the way is shown."""
        if self.has("consent-agree"):
            self.click("consent-agree")
        page = self.click("consent-continue")
        return page.click("account-continue") if page.has("account-continue") else page

    def decline(self) -> Self:
        """Do not agree: back to the service, without the information."""
        return self.click("consent-decline")

    def abandon(self) -> Self:
        """Follow the way out that every page of the broker offers."""
        return self.click("abandon")


class Visitor(Browser[LoginPage]):
    """A person at a browser, who knows how to log in."""

    page_kind = LoginPage
    redirect_uris: frozenset[str] = frozenset()

    def tab(self) -> Self:
        """Another tab of the same browser."""
        other = super().tab()
        other.redirect_uris = self.redirect_uris
        return other

    def start(self, service: Site) -> LoginPage:
        """Open the service and press its button: the page of providers, most of the time."""
        page = self.open(service.url)
        if page.has("mon-compte"):
            page = page.click("mon-compte")
        return page.click("identify" if page.has("identify") else "sample-login")

    def login(
        self, service: Site, as_: str = "claire", via: str = "tax", *, fault: str = ""
    ) -> LoginPage:
        """
        Log in to the service as that persona, through that provider, up to a page with a choice.

        That page is the consent page; or the service, when there was nothing to ask; or the page
        of providers again, when the provider misbehaved. `as_` is the key of a persona or the
        name on its button.
        """
        self.start(service)
        return self.sign_in(as_, via, fault=fault)

    def sign_in(self, as_: str = "claire", via: str = "tax", *, fault: str = "") -> LoginPage:
        """The same from the page of providers, already on screen."""
        waiting = [f"provider-{via}", "persona", *_ALL_THE_WAY]
        while found := next(filter(self._offers, waiting), None):
            waiting.remove(found)
            if found == "persona":
                self._identify(as_, fault)
            else:
                self.click(found)
        return self.page

    def sent_back(self) -> dict[str, str]:
        """The latest authorization response that this tab carried to a service."""
        for hop in reversed(self.hops):
            if urldefrag(hop.url).url.partition("?")[0] in self.redirect_uris:
                return hop.parameters
        return {}

    def _offers(self, control: str) -> bool:
        if control == "persona":
            return any(testid.startswith("persona-") for testid in self.page.testids)
        return self.page.has(control)

    def _identify(self, as_: str, fault: str) -> LoginPage:
        if fault:
            self.fill("fault", fault)
        return self.click(self._button_of(as_))

    def _button_of(self, as_: str) -> str:
        page = self.page
        if page.has(f"persona-{as_}"):
            return f"persona-{as_}"
        people = {k: e.text for k, e in page.testids.items() if k.startswith("persona-")}
        for testid, text in people.items():
            if text.casefold().startswith(as_.casefold()):
                return testid
        known = ", ".join(testid.removeprefix("persona-") for testid in people)
        raise NotOnPageError(f"no persona {as_!r} on {page.url}; there are: {known}")
