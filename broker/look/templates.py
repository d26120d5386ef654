"""
The templates, compiled once in each language.

Sentences are ordinary gettext calls for the tools of translators, and are translated when their
template is compiled: a page costs no look-up for them.
"""

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension
from markupsafe import escape

from broker.errors import Language
from broker.look.compiled import CompiledTemplates
from broker.look.icons import icon

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
TRANSLATIONS = ROOT / "translations"
_ICON = re.compile(r"<icon (\w+)>")
_SENTENCE = re.compile(r'\{\{ _\("([^"\\]*)"((?:, \w+=[\w.]+)*)\) \}\}')
_VALUE = re.compile(r"(\w+)=([\w.]+)")
_HOLE = re.compile(r"%\((\w+)\)s")
_PLAIN = re.compile(r'\b_\("([^"\\%]*)"\)')


@cache
def _compiled(_language: Language) -> CompiledTemplates:
    """What was compiled in a language: the sentences are written out in it."""
    return CompiledTemplates()


class KnownAtCompile(Extension):
    """
    Writes out all that a page never changes, before its template is compiled.

    `{{ _("Hello %(name)s", name=screen.name) }}` becomes `Bonjour {{ screen.name }}`, and
    `<icon back>` its drawing.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source with all that never changes written out."""
        del name, filename
        drawn = _ICON.sub(lambda found: icon(found[1]), source)
        written = _SENTENCE.sub(self._sentence, drawn)
        return _PLAIN.sub(self._literal, written)

    def _sentence(self, call: re.Match[str]) -> str:
        values = dict(_VALUE.findall(call[2]))
        text = str(escape(self._translated(call[1])))
        return _HOLE.sub(lambda hole: f"{{{{ {values[hole[1]]} }}}}", text)

    def _literal(self, call: re.Match[str]) -> str:
        text = self._translated(call[1])
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def _translated(self, sentence: str) -> str:
        translations = cast("Translations", self.environment.globals["translations"])
        return str(translations.gettext(sentence))


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
            bytecode_cache=_compiled(self.language),
            extensions=["jinja2.ext.i18n"],
        )
        translations = Translations.load(str(TRANSLATIONS), [self.language])
        made.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
        made.globals |= {**self._given, "language": self.language, "translations": translations}
        made.add_extension(KnownAtCompile)
        return made

    def get(self, name: str) -> Template:
        """One template, compiled the first time it is asked for."""
        return self.environment.get_template(name)
