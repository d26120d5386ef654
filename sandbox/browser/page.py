"""A page as it stands in a tab: read by its words and by the `data-testid` of its controls."""

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

from sandbox.browser.controls import Change, value_of
from sandbox.browser.markup import Element, parse
from sandbox.wsgi import Answer

if TYPE_CHECKING:
    from sandbox.browser.tab import Browser

_FIELDS = {"input", "select", "textarea"}


class NotOnPageError(AssertionError):
    """The page has no such control; the sentence lists what it has."""


class Page:
    """
    What one navigation ended on. `status` is 0 when the server could not be reached.

    The verbs (`click`, `fill`, `submit`) act in the tab that shows the page and return the next
    page, so that a journey reads as one line.
    """

    def __init__(self, tab: "Browser[Any]", url: str, response: Answer) -> None:
        self._tab = tab
        self.url = url
        self.status = response.status
        self.response = response

    @property
    def query(self) -> dict[str, str]:
        """The parameters in the address of the page."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path

    @property
    def html(self) -> str:
        """The source of the page."""
        return self.response.body.decode("utf-8", "replace")

    @cached_property
    def root(self) -> Element:
        """The tree of the page; empty when it is not HTML."""
        return parse(self.html) if "html" in self.response.header("content-type") else Element("")

    @property
    def text(self) -> str:
        """What a person reads, spaces folded; the body as it is when it is not HTML."""
        body = self.root.all("body")
        return body[0].text if body else self.root.text or self.html

    @property
    def title(self) -> str:
        """The title of the tab."""
        return self._first("title")

    @property
    def h1(self) -> str:
        """The heading of the page."""
        return self._first("h1")

    @property
    def language(self) -> str:
        """The language the page says it is in."""
        return next((element.get("lang") for element in self.root.all("html")), "")

    @property
    def json(self) -> Any:
        """The body of a page that is a JSON document."""
        return json.loads(self.response.body)

    @cached_property
    def testids(self) -> dict[str, Element]:
        """Everything that has a `data-testid`, in the order of the page."""
        found: dict[str, Element] = {}
        for element in self.root.everything():
            if element.has("data-testid"):
                found.setdefault(element.get("data-testid"), element)
        return found

    def has(self, testid: str) -> bool:
        """Whether something on the page has that `data-testid`."""
        return testid in self.testids

    def element(self, testid: str) -> Element:
        """The first element with that `data-testid`; NotOnPageError when there is none."""
        if testid not in self.testids:
            known = ", ".join(sorted(self.testids)) or "nothing"
            raise NotOnPageError(
                f"no {testid!r} on {self.url} ({self.status}, {self.h1!r}); it has: {known}"
            )
        return self.testids[testid]

    def value(self, testid: str) -> str:
        """What a field holds, or what any other element reads."""
        element = self.element(testid)
        return value_of(element) if element.tag in _FIELDS else element.text

    def links(self) -> dict[str, str]:
        """The addresses of the links of the page by their text."""
        return {link.text: link.get("href") for link in self.root.all("a") if link.has("href")}

    def click(self, testid: str) -> Self:
        """Press a button, follow a link, or tick a box."""
        page: Self = self._tab.click(testid)
        return page

    def fill(self, testid: str, value: str) -> Self:
        """Write into a field or choose in a list; the page stays."""
        page: Self = self._tab.fill(testid, value)
        return page

    def submit(self, testid: str = "", **fields: Change) -> Self:
        """Send the form of that control (or the only one), with these fields by name."""
        page: Self = self._tab.submit(testid, **fields)
        return page

    def _first(self, tag: str) -> str:
        found = self.root.all(tag)
        return found[0].text if found else ""

    def __repr__(self) -> str:
        return f"<Page {self.status} {self.url} {self.h1!r}>"
