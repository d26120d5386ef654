"""
The language of a request: English sentences stand in the code, French ones in the catalogue.

What the person chose wins, then what the browser prefers, then French. `?lang=` on any page shows
that page in the other language and is remembered in a cookie, so that the place is never lost.
"""

from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel

LANGUAGES = ("fr", "en")
_ROOM = Path(__file__).parent.parent
_YEAR = 365 * 24 * 3600


def mount_languages(app: Flask, cookie: str) -> None:
    """Choose a language for every request, remember it, and let templates offer the other."""
    app.config["LANGUAGE_COOKIE"] = cookie
    Babel(
        app,
        default_locale="fr",
        default_timezone="Europe/Paris",
        default_translation_directories=";".join(map(str, catalogues())),
        locale_selector=language,
    )
    app.after_request(_remember)
    app.context_processor(lambda: {"language": language(), "in_language": _in_language})


def catalogues() -> list[Path]:
    """The folders of catalogues: the house's own, then one for each set of pages that has one."""
    return [_ROOM / "translations", *sorted(_ROOM.glob("*/translations"))]


def language() -> str:
    """`fr` or `en`, decided once in a request."""
    if "language" not in g:
        g.language = _decided()
    return str(g.language)


def _decided() -> str:
    for choice in (
        request.args.get("lang"),
        request.cookies.get(current_app.config["LANGUAGE_COOKIE"]),
    ):
        if choice in LANGUAGES:
            return choice
    return request.accept_languages.best_match(LANGUAGES, "fr")


def _remember(response: Response) -> Response:
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.endpoint:
        response.set_cookie(
            current_app.config["LANGUAGE_COOKIE"],
            asked,
            max_age=_YEAR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _in_language(code: str) -> str:
    """The address of this page in another language; the first page when this one answers a form."""
    if request.method != "GET" or request.endpoint is None:
        return f"/?lang={code}"
    kept = {name: value for name, value in request.args.items() if name == "numero"}
    return f"{request.path}?{urlencode({**kept, 'lang': code})}"
