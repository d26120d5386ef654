"""
The language of a request, and the link that changes it without losing the place.

The person's own choice wins; then what the service asked for (`ui_locales`, put on `flask.g` by
whoever knows the login), then what the browser prefers, then French.
"""

import re
from functools import lru_cache

from flask import Flask, current_app, g, redirect, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from broker.errors import Language

LANGUAGES: tuple[Language, ...] = ("fr", "en")
_YEAR = 365 * 24 * 3600
_PLACE = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_BARE_PATH = "/callback/"
"""Its query holds the provider's code, which must not travel in another address."""


def current_language() -> Language:
    """French or English, decided once in a request."""
    decided: Language | None = g.get("language")
    if decided is None:
        g.language = decided = _decide()
    return decided


def place() -> str:
    """The address of this page as a path; whoever answers may put a better one on `flask.g`."""
    chosen: str | None = g.get("place")
    if chosen:
        return chosen
    bare = not request.query_string or request.path.startswith(_BARE_PATH)
    return request.path if bare else request.full_path


def switch_link(to: Language, back: str) -> str:
    """The address that shows the page at `back` in another language; `back` is already quoted."""
    return f"/language?to={to}&back={back}"


def mount_language(app: Flask, cookie: str, *, secure: bool) -> None:
    """Serve /language, which remembers a choice in a cookie and goes back where one was."""
    app.config["LANGUAGE_COOKIE"] = cookie

    @app.get("/language")
    def language() -> Response:
        answer = redirect(safe_place(request.args.get("back", "")), 303)
        wanted = request.args.get("to")
        if wanted in LANGUAGES:
            answer.set_cookie(
                cookie, wanted, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax"
            )
        return answer


def safe_place(path: str) -> str:
    """`path` when it is a path of this site, the first page otherwise (open redirect, row 16)."""
    return path if _PLACE.fullmatch(path) else "/"


def _decide() -> Language:
    chosen = request.cookies.get(current_app.config["LANGUAGE_COOKIE"])
    if chosen in LANGUAGES:
        return "fr" if chosen == "fr" else "en"
    asked = str(g.get("ui_locales") or "").split()
    return _first_known(asked) or _accepted(request.headers.get("Accept-Language", ""))


def _first_known(tags: list[str]) -> Language | None:
    for tag in tags:
        for language in LANGUAGES:
            if tag.lower().partition("-")[0] == language:
                return language
    return None


@lru_cache(maxsize=256)
def _accepted(header: str) -> Language:
    accepted = parse_accept_header(header[:200], LanguageAccept)
    return _first_known([tag for tag, quality in accepted if quality]) or "fr"
