"""
The two languages of the pages: English sentences in the code, French from a Babel catalogue.

The catalogue is read from its text form at start, so that there is nothing to compile and nothing
compiled to go stale.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, request

LANGUAGES = ("fr", "en")
CATALOGUE = Path(__file__).parent / "translations" / "fr" / "messages.po"


def mount_languages(app: Flask) -> None:
    """Choose a language for every request, and teach the templates to translate."""
    app.before_request(_choose)
    app.jinja_env.globals["_"] = gettext


def gettext(sentence: str, **places: str) -> str:
    """The sentence in the language of this request, its `%(name)s` places filled."""
    said: str = _french().gettext(sentence) if language() == "fr" else sentence
    return said % places if places else said


def language() -> str:
    """`fr` or `en`, as chosen for this request."""
    chosen: str = g.get("language", "fr")
    return chosen


def prefer(locales: str) -> None:
    """Follow the `ui_locales` of the service, unless the person chose on the page."""
    known = [tag[:2] for tag in locales.split() if tag[:2] in LANGUAGES]
    if known and "lang" not in request.values:
        g.language = known[0]


def _choose() -> None:
    wishes = [request.values.get("lang", ""), *(tag[:2] for tag, _ in request.accept_languages)]
    g.language = next((wish for wish in wishes if wish in LANGUAGES), "fr")


@cache
def _french() -> Translations:
    compiled = BytesIO()
    with CATALOGUE.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return Translations(compiled)
