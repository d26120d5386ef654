"""
The templates, compiled once in each language.

A sentence without variables is translated when its template is compiled, so that a page costs no
look-up for it; sentences with variables are ordinary gettext calls.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension

from broker.errors import Language

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
TRANSLATIONS = ROOT / "translations"
_PLAIN = re.compile(r'\b_\("([^"\\%]*)"\)')


class TranslatedAtCompile(Extension):
    """Replaces `_("...")` without variables by the sentence in the language of the environment."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source with its plain sentences translated."""
        del name, filename
        return _PLAIN.sub(self._sentence, source)

    def _sentence(self, call: re.Match[str]) -> str:
        translations = cast("Translations", self.environment.globals["translations"])
        text = str(translations.gettext(call[1]))
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Templates:
    """Every template in one language; `given` are the names that all of them may use."""

    def __init__(self, language: Language, given: dict[str, Any]) -> None:
        self.language = language
        self._given = given

    @cached_property
    def environment(self) -> Environment:
        """Strict, escaping, and never looking at the disk again."""
        made = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        translations = Translations.load(str(TRANSLATIONS), [self.language])
        made.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
        made.globals |= {**self._given, "language": self.language, "translations": translations}
        made.add_extension(TranslatedAtCompile)
        return made

    def get(self, name: str) -> Template:
        """One template, compiled the first time it is asked for."""
        return self.environment.get_template(name)
