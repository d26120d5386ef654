"""
The timeline: recorded exchanges and journal events, put together login by login.

Nothing in the applications names a login to the outside. What travels from hop to hop does: a
state, a code, a token, the unguessable part of an address. Two exchanges that share one belong
together.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.recording.reading import (
    destination,
    document,
    error_number,
    form,
    heading,
    is_page,
    query,
)
from sandbox.recording.recorder import Exchange, Happening
from sandbox.sites import BROKER

_CARRIED = {
    "access_token",
    "code",
    "code_challenge",
    "id_token",
    "id_token_hint",
    "nonce",
    "request_uri",
    "state",
    "token",
}
_STEP = re.compile(r"/(?:login|wait|phone)/([\w-]{16,})")
_SHORTEST = 8

Entry = Exchange | Happening


@dataclass(frozen=True, slots=True)
class Refusal:
    """
    A page of the broker that says no: its number, and what the journal knows of it.

    `reason` is for whoever tests (a rule and its verdict, or a check), `case` is the number that an
    advisor asks for. `title` is that of the page, none when it goes on beside the refusal.
    """

    number: str
    title: str
    reason: str
    case: str


@dataclass(slots=True)
class Login:
    """What was recorded of one login, in the order in which it began; `id` names it in a page."""

    entries: list[Entry] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """Short and stable as long as the login is kept."""
        return str(self.entries[0].number)

    @property
    def at(self) -> float:
        """When it began, Unix seconds."""
        return self.entries[0].at

    @property
    def exchanges(self) -> list[Exchange]:
        """The hops alone."""
        return [entry for entry in self.entries if isinstance(entry, Exchange)]

    @property
    def happenings(self) -> list[Happening]:
        """The journal alone."""
        return [entry for entry in self.entries if isinstance(entry, Happening)]

    def fact(self, name: str) -> str:
        """The latest value of a field of the journal (`client_id`, `provider`), or nothing."""
        values = [happening.event.get(name) for happening in self.happenings]
        return next((str(value) for value in reversed(values) if value), "")

    @property
    def outcome(self) -> str:
        """The `error` that the service was answered, `code` on success, empty while unfinished."""
        for exchange in reversed(self.exchanges):
            # Providers answer the broker in the same way; what counts is what the broker answers.
            told = _query_of(destination(exchange)) if exchange.site == BROKER else form(exchange)
            answered = dict(told)
            if "iss" in answered and {"code", "error"} & set(answered):
                return answered.get("error") or "code"
        return ""

    @property
    def refusal(self) -> Refusal | None:
        """Why the broker said no, when that is the last thing that its pages said."""
        pages = [one for one in self.exchanges if one.site == BROKER and is_page(one)]
        number = error_number(pages[-1]) if pages and self.outcome != "code" else ""
        if not number:
            return None
        told = self._told_of_refusal()
        decision = told.get("decision") or {}
        known = (decision.get("rule"), decision.get("verdict"), told.get("check"))
        reason = " ".join(str(one) for one in known if one)
        title = heading(pages[-1]) if pages[-1].status >= HTTPStatus.BAD_REQUEST else ""
        return Refusal(number, title, reason, str(told.get("case") or ""))

    def _told_of_refusal(self) -> dict[str, Any]:
        for happening in reversed(self.happenings):
            if str(happening.event.get("event")).endswith(":refused"):
                return facts_of(happening)
        return {}


def facts_of(happening: Happening) -> dict[str, Any]:
    """The facts of an event, which the journal keeps as a text of JSON."""
    facts = happening.event.get("facts")
    read: dict[str, Any] = json.loads(facts) if isinstance(facts, str) else facts or {}
    return read


def logins(entries: Iterable[Entry]) -> list[Login]:
    """The logins among these entries, the latest first."""
    found: dict[str, Login] = {}
    for entry in entries:
        carried = set(_keys(entry))
        known = {id(found[key]): found[key] for key in carried if key in found}
        if not known and not _begins(entry):
            continue
        login = _merged(list(known.values()))
        login.entries.append(entry)
        login.keys |= carried
        found.update(dict.fromkeys(login.keys, login))
    unique = {id(login): login for login in found.values()}.values()
    for login in unique:
        login.entries.sort(key=lambda entry: entry.number)
    return sorted(unique, key=lambda login: -login.entries[0].number)


def _begins(entry: Entry) -> bool:
    """Whether a login may begin here: an authorization request leaves, or arrives."""
    if isinstance(entry, Happening):
        return False
    asked = {name for name, _ in [*query(entry), *_query_of(destination(entry))]}
    return {"client_id", "redirect_uri"} <= asked or "request_uri" in asked


def _merged(logins_met: list[Login]) -> Login:
    if not logins_met:
        return Login()
    first, *others = logins_met
    for other in others:
        first.entries += other.entries
        first.keys |= other.keys
    return first


def _keys(entry: Entry) -> Iterator[str]:
    for value in _values(entry):
        if len(value) >= _SHORTEST:
            yield hashlib.sha256(value.encode()).hexdigest()


def _values(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Happening):
        yield str(entry.event.get("attempt") or "")
        return
    scheme, _, credentials = entry.sent.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        yield credentials
    pairs = [*query(entry), *form(entry), *_query_of(destination(entry)), *document(entry).items()]
    yield from (str(value) for name, value in pairs if name in _CARRIED)
    for address in (entry.url, destination(entry)):
        yield from _STEP.findall(urlsplit(address).path)


def _query_of(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)
