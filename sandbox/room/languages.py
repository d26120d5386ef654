"""
The two languages of the control room: English sentences in the code, French from a catalogue.

The catalogue is read from its text form at start: there is nothing to compile.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, request, session

LANGUAGES = {"fr": "Français", "en": "English"}
CATALOGUE = Path(__file__).parent / "translations" / "fr" / "messages.po"


def mount_languages(app: Flask) -> None:
    """Choose a language for every request, and teach the templates to translate."""
    app.before_request(_choose)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        gettext, ngettext, newstyle=True
    )


def gettext(sentence: str) -> str:
    """The sentence in the language of this request."""
    return _french().gettext(sentence) if language() == "fr" else sentence


def ngettext(one: str, many: str, count: int) -> str:
    """One of two sentences, in the language of this request."""
    return _french().ngettext(one, many, count) if language() == "fr" else (one, many)[count != 1]


def language() -> str:
    """`fr` or `en`, as chosen for this request."""
    chosen: str = g.language
    return chosen


def _choose() -> None:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        session["language"] = asked
    preferred = request.accept_languages.best_match(LANGUAGES, "fr")
    g.language = session.get("language", preferred)


@cache
def _french() -> Translations:
    compiled = BytesIO()
    with CATALOGUE.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return Translations(compiled)
