"""HTML as a tree of elements: enough to find controls and to read what a person reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {*"area base br col embed hr img input link meta source track wbr".split()}  # noqa: SIM905 - reads as a list
_UNREAD = frozenset({"script", "style", "title", "template"})
_INLINE = {*"a abbr b bdi cite code em i kbd mark q s small span strong sub sup time u".split()}  # noqa: SIM905 - same


@dataclass(eq=False, slots=True)
class Element:
    """An element with its attributes; a child is an element or a text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: "Element | None" = field(default=None, repr=False)
    children: list["Element | str"] = field(default_factory=list, repr=False)

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attributes.get(name, default)

    def has(self, name: str) -> bool:
        """Whether the attribute is there, valued or not."""
        return name in self.attributes

    def everything(self) -> Iterator["Element"]:
        """The element itself and all inside, in the order of the page."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [c for c in element.children[::-1] if isinstance(c, Element)]

    def all(self, *tags: str) -> list["Element"]:
        """The elements of these kinds, in the order of the page."""
        return [element for element in self.everything() if element.tag in tags]

    def around(self, tag: str) -> "Element | None":
        """The nearest element of that kind that holds this one."""
        holder = self.parent
        while holder is not None and holder.tag != tag:
            holder = holder.parent
        return holder

    def top(self) -> "Element":
        """The root of the page."""
        return self if self.parent is None else self.parent.top()

    @property
    def text(self) -> str:
        """What a person reads, spaces folded."""
        return " ".join("".join(_pieces(self)).split())


def _pieces(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag not in _UNREAD and not child.has("hidden"):
            apart = "" if child.tag in _INLINE else " "
            yield apart
            yield from _pieces(child)
            yield apart


def parse(html: str) -> Element:
    """The tree of a page; its root has no tag. Forgives what browsers forgive."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


# What a tag says, by its source: most tags of a page stood on the page before it too. What follows
# these few is read in another way.
_TAGS: dict[str, tuple[str, dict[str, str]]] = {}
_MOST_TAGS = 20_000
_WHOLE_TAG = re.compile(r'<[a-z][a-z0-9]*(?:\s+[a-zA-Z][a-zA-Z-]*(?:="[^"<>]*")?)*\s*/?>')
_OTHERWISE = frozenset({"script", "style", "title", "textarea", "iframe", "noscript", "plaintext"})


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = self.root
        self._source = ""

    def updatepos(self, i: int, j: int) -> int:  # noqa: ARG002 - the library's own
        """Nobody asks on which line something stands."""
        return j

    def parse_starttag(self, i: int) -> int:
        whole = _WHOLE_TAG.match(self.rawdata, i)
        self._source = whole[0] if whole else ""
        if whole is None or whole[0] not in _TAGS:
            return super().parse_starttag(i)
        tag, attributes = _TAGS[whole[0]]
        self._begin(tag, dict(attributes))
        if whole[0].endswith("/>"):
            self.handle_endtag(tag)
        return whole.end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._source and tag not in _OTHERWISE:
            if len(_TAGS) >= _MOST_TAGS:
                _TAGS.clear()
            _TAGS[self._source] = tag, dict(attributes)
        self._begin(tag, attributes)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self._open.tag and tag in {"p", "li", "option", "tr", "td", "dt", "dd"}:
            self._open = self._open.parent or self.root
        element = Element(tag, attributes, self._open)
        self._open.children.append(element)
        if tag not in _VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        closing: Element | None = self._open
        while closing is not None and closing.tag != tag:
            closing = closing.parent
        if closing is not None and closing.parent is not None:
            self._open = closing.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)
