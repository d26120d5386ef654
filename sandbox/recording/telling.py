"""A login told hop by hop, without secrets: the same for the page and for the export."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from sandbox.recording.legs import findings, legs
from sandbox.recording.reading import (
    Token,
    destination,
    document,
    form,
    from_browser,
    heading,
    query,
    tokens,
)
from sandbox.recording.recorder import Exchange, Happening
from sandbox.recording.redaction import Redaction
from sandbox.recording.timeline import Login, facts_of

_TOLD_HEADERS = {
    "authorization",
    "content-type",
    "cookie",
    "origin",
    "referer",
    "user-agent",
    "x-mock-persona",
}
_ANSWER_HEADERS = {"cache-control", "content-type", "set-cookie", "www-authenticate"}
_UNTOLD_CLAIMS = ("nonce", "jti", "at_hash", "s_hash", "c_hash")


def tell(login: Login) -> dict[str, Any]:
    """A document for JSON; `seconds` count from the beginning of the login."""
    redaction = Redaction()
    return {
        "login": login.id,
        "began_at": login.at,
        "service": login.fact("client_id") or _asked_by(login),
        "provider": login.fact("provider"),
        "outcome": login.outcome,
        "refusal": asdict(login.refusal) if login.refusal else None,
        "observed": [
            {"at": leg.site, "rule": name, "held": held}
            for leg in legs(login.exchanges)
            for name, held in findings(leg)
        ],
        "entries": [
            _hop(entry, login.at, redaction)
            if isinstance(entry, Exchange)
            else _event(entry, login.at, redaction)
            for entry in login.entries
        ],
    }


def _hop(exchange: Exchange, began: float, redaction: Redaction) -> dict[str, Any]:
    return {
        "kind": "hop",
        "number": exchange.number,
        "seconds": round(exchange.at - began, 3),
        "by": "browser" if from_browser(exchange) else "server",
        "to": exchange.site,
        "request": {
            "method": exchange.method,
            "url": (url := redaction.url(exchange.url)),
            "path": urlsplit(url).path,
            "query": redaction.pairs(query(exchange)),
            "form": redaction.pairs(form(exchange)),
            "headers": redaction.headers(
                (name, value) for name, value in exchange.sent.items() if name in _TOLD_HEADERS
            ),
        },
        "answer": {
            "status": exchange.status,
            "redirect": redaction.url(destination(exchange)),
            "page": heading(exchange),
            "json": _cleaned(document(exchange), redaction),
            "headers": redaction.headers(
                (n, v) for n, v in exchange.headers if n.lower() in _ANSWER_HEADERS
            ),
        },
        "tokens": [_token(token, redaction) for token in tokens(exchange)],
    }


def _token(token: Token, redaction: Redaction) -> dict[str, Any]:
    claims = {
        name: redaction.label(name, str(value)) if name in _UNTOLD_CLAIMS else value
        for name, value in (token.claims or {}).items()
    }
    return {"name": token.name, "header": token.header, "claims": claims if token.claims else None}


def _event(happening: Happening, began: float, redaction: Redaction) -> dict[str, Any]:
    event = dict(happening.event)
    for kept_apart in ("facts", "at"):
        event.pop(kept_apart, None)
    name = event.pop("event", "")
    # The first names the login as its addresses do, the second is the same for all its events.
    labelled = {"attempt": "step", "person": "person"}
    columns = {
        key: redaction.label(labelled[key], str(value)) if key in labelled else value
        for key, value in event.items()
        if value
    }
    return {
        "kind": "event",
        "number": happening.number,
        "seconds": round(happening.at - began, 3),
        "event": name,
        "login": columns,
        "facts": facts_of(happening),
    }


def _cleaned(value: Any, redaction: Redaction) -> Any:
    if isinstance(value, dict):
        return {
            name: redaction.value(name, inner)
            if isinstance(inner, str)
            else _cleaned(inner, redaction)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_cleaned(inner, redaction) for inner in value]
    return value


def _asked_by(login: Login) -> str:
    for exchange in login.exchanges:
        asked = dict(query(exchange))
        if "client_id" in asked:
            return asked["client_id"]
    return ""
