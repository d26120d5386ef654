"""A tab: opens, clicks, follows redirects across applications, and remembers every hop."""

from collections.abc import Callable
from typing import Generic, Self, TypeVar
from urllib.parse import urljoin

from sandbox.browser.controls import (
    Change,
    change,
    default_button,
    field_names,
    form_of,
    is_box,
    is_submit,
    tick,
    write,
)
from sandbox.browser.cookies import CookieJar
from sandbox.browser.forms import Sending, leaves_by_itself, submission
from sandbox.browser.markup import Element
from sandbox.browser.page import NotOnPageError, Page
from sandbox.browser.wire import Hop, Source, exchange, redirection
from sandbox.network import Network

PageKind = TypeVar("PageKind", bound=Page)

_MOST_HOPS = 30
_AGENT = "Mozilla/5.0 (Passerelle sandbox)"


class RedirectLoopError(AssertionError):
    """The applications send the browser round and round."""


class Browser(Generic[PageKind]):
    """
    One tab of a person's browser.

    `headers` go with every request; `hops` holds every request since the tab was opened. Scripts
    do not run; a page that would send itself to another origin is sent.
    """

    page_kind: type[PageKind] = Page  # type: ignore[assignment]  # what a plain browser shows

    def __init__(
        self, network: Network, clock: Callable[[], float], jar: CookieJar | None = None
    ) -> None:
        self._network = network
        self._clock = clock
        self.cookies = CookieJar(clock) if jar is None else jar
        self.headers = {
            "User-Agent": _AGENT,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "fr",
        }
        self.hops: list[Hop] = []
        self._history: list[Sending] = []
        self._place = -1
        self._page: PageKind | None = None

    @property
    def page(self) -> PageKind:
        """The page on screen; NotOnPageError before the first one."""
        if self._page is None:
            raise NotOnPageError("this tab shows nothing yet")
        return self._page

    def tab(self) -> Self:
        """Another tab of the same browser: the same cookies, another history."""
        other = type(self)(self._network, self._clock, self.cookies)
        other.headers = dict(self.headers)
        return other

    def open(self, url: str) -> PageKind:
        """Go to an address, as typed: the page on screen is not told."""
        return self._visit(
            Sending("GET", urljoin(self._page.url, url) if self._page else url), None
        )

    def post(self, url: str, body: bytes = b"") -> PageKind:
        """Send a form that stands on no page of ours, as an attacker might."""
        return self._visit(Sending("POST", url, body), Source("https://attacker.example/"))

    def click(self, testid: str) -> PageKind:
        """Press a button, follow a link, or tick and untick a box (the page stays)."""
        element = self.page.element(testid)
        if is_box(element):
            tick(element, on=element.get("type") == "radio" or not element.has("checked"))
            return self.page
        return self._visit(self._pressing(element), self._source())

    def double_click(self, testid: str) -> PageKind:
        """Press twice: the first answer is lost, as when a hand is faster than the server."""
        sending, source = self._pressing(self.page.element(testid)), self._source()
        self._exchange(sending, source)
        return self._visit(sending, source)

    def fill(self, testid: str, value: str) -> PageKind:
        """Write into a field or choose in a list; it is sent with the next click."""
        write(self.page.element(testid), value)
        return self.page

    def submit(self, testid: str = "", **fields: Change) -> PageKind:
        """Press Enter in the form of that control, or in the only form of the page."""
        form = self._form(testid)
        unknown = set(fields) - set(names := field_names(form))
        if unknown:
            asked, known = ", ".join(map(repr, unknown)), ", ".join(names)
            raise NotOnPageError(f"no field {asked} on {self.page.url}; it has: {known}")
        for name, value in fields.items():
            change(form, name, value)
        sending = submission(self.page.url, form, default_button(form))
        return self._visit(sending, self._source())

    def back(self) -> PageKind:
        """The Back button: the page before, asked for again (a form is sent again)."""
        return self._travel(-1)

    def forward(self) -> PageKind:
        """The Forward button."""
        return self._travel(1)

    def refresh(self) -> PageKind:
        """The Refresh button: the same request again, a form included."""
        return self._travel(0)

    def _pressing(self, element: Element) -> Sending:
        page = self.page
        if element.tag == "a":
            return Sending("GET", urljoin(page.url, element.get("href")))
        form = form_of(page.root, element)
        if form is None or not is_submit(element):
            raise NotOnPageError(f"{element.get('data-testid')!r} on {page.url} cannot be pressed")
        return submission(page.url, form, element)

    def _form(self, testid: str) -> Element:
        page = self.page
        forms = [form_of(page.root, page.element(testid))] if testid else page.root.all("form")
        if len(forms) != 1 or forms[0] is None:
            raise NotOnPageError(f"{len(forms)} forms on {page.url}: name a control of one")
        return forms[0]

    def _source(self) -> Source:
        return Source(self.page.url, self.page.response.header("referrer-policy"))

    def _travel(self, step: int) -> PageKind:
        place = self._place + step
        if not 0 <= place < len(self._history):
            raise NotOnPageError("there is no such page in the history of this tab")
        self._place = place
        return self._load(self._history[place], None)

    def _visit(self, sending: Sending, source: Source | None) -> PageKind:
        del self._history[self._place + 1 :]
        self._history.append(sending)
        self._place += 1
        return self._load(sending, source)

    def _load(self, sending: Sending, source: Source | None) -> PageKind:
        for _ in range(_MOST_HOPS):
            hop = self._exchange(sending, source)
            following = redirection(sending, hop)
            if following is None:
                page = self.page_kind(self, sending.url, hop.answer)
                following = leaves_by_itself(sending.url, page.root)
                source = Source(page.url, hop.answer.header("referrer-policy"))
                if following is None:
                    return self._show(page, sending)
            sending = following
        raise RedirectLoopError(f"{_MOST_HOPS} hops, the next one to {sending.url}")

    def _show(self, page: PageKind, sending: Sending) -> PageKind:
        self._history[self._place] = sending
        self._page = page
        return page

    def _exchange(self, sending: Sending, source: Source | None) -> Hop:
        told = source.headers(sending) if source else {}
        hop = exchange(self._network, self.cookies, sending, {**self.headers, **told})
        self.hops.append(hop)
        return hop
