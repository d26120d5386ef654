"""What an exchange says: its parameters, its tokens, what a person saw; read, never judged."""

import html
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from sandbox.recording.recorder import Exchange

_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*(?:\.[\w-]+\.[\w-]+)?")
_HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_NUMBER = re.compile(rb'data-testid="error-number">\s*([A-Z]\d{4})')
_TAG = re.compile(r"<[^>]+>")
_FORM = "application/x-www-form-urlencoded"
_SIGNED, _ENCRYPTED = 3, 5

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Token:
    """A JSON Web Token found in an exchange; an encrypted one shows its header only."""

    name: str
    header: dict[str, Any]
    claims: dict[str, Any] | None


def query(exchange: Exchange) -> Pairs:
    """The parameters in the address."""
    return parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)


def form(exchange: Exchange) -> Pairs:
    """The fields of the form sent."""
    if not exchange.sent.get("content-type", "").startswith(_FORM):
        return []
    return parse_qsl(exchange.body.decode("utf-8", "replace"), keep_blank_values=True)


def destination(exchange: Exchange) -> str:
    """Where the answer sends the browser, absolute, or nothing."""
    location = exchange.header("location")
    return urljoin(exchange.url, location) if location else ""


def document(exchange: Exchange) -> dict[str, Any]:
    """The JSON object answered, empty when the answer is none."""
    if "json" not in exchange.header("content-type"):
        return {}
    try:
        found = json.loads(exchange.answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def heading(exchange: Exchange) -> str:
    """What the page answered says first."""
    found = _HEADING.search(exchange.answer) if is_page(exchange) else None
    said = _TAG.sub("", found[1].decode("utf-8", "replace")) if found else ""
    return " ".join(html.unescape(said).split())


def is_page(exchange: Exchange) -> bool:
    """Whether a person was shown something."""
    return not destination(exchange) and exchange.header("content-type").startswith("text/html")


def error_number(exchange: Exchange) -> str:
    """The number of the refusal that a page of the broker shows, or nothing."""
    found = _NUMBER.search(exchange.answer)
    return found[1].decode() if found else ""


def from_browser(exchange: Exchange) -> bool:
    """Whether a browser asked, rather than an application."""
    return exchange.sent.get("user-agent", "").startswith("Mozilla")


def tokens(exchange: Exchange) -> list[Token]:
    """Every token in the request and in the answer, by the name it travels under."""
    found = [(name, value) for name, value in _texts(exchange) if _JWT.fullmatch(value)]
    return [token for name, value in dict(found).items() if (token := _decoded(name, value))]


def _texts(exchange: Exchange) -> Iterator[tuple[str, str]]:
    yield from query(exchange)
    yield from form(exchange)
    yield from ((k, v) for k, v in document(exchange).items() if isinstance(v, str))
    if "jwt" in exchange.header("content-type"):
        yield (
            urlsplit(exchange.url).path.rpartition("/")[2],
            exchange.answer.decode("ascii", "replace"),
        )


def _decoded(name: str, text: str) -> Token | None:
    parts = text.split(".")
    header = _segment(parts[0])
    if header is None:
        return None
    return Token(name, header, _segment(parts[1]) if len(parts) == _SIGNED else None)


def _segment(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
