"""
What the insured domain writes to people, in French and in English.

A letter is one template in each language: subject, formatted text, text message. The plain text
is read out of the formatted one, so that they never disagree. No letter asks for bank data or
names the person, for it may reach somebody else; only the one that activates an account carries
a link. The one for the post room, which is printed and put in an envelope, names its reader.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("fr", "en")
LETTERS: dict[str, frozenset[str]] = {
    "account_created": frozenset({"date", "provider"}),
    "account_linked": frozenset({"date", "provider"}),
    "account_replaced": frozenset({"date", "provider"}),
    "account_exists": frozenset({"date"}),
    "creation_replaced": frozenset({"date"}),
    "activation_link": frozenset({"link", "hours"}),
    "sign_in_code": frozenset({"code", "minutes"}),
    "recovery_code": frozenset({"code", "hours"}),
    "password_changed": frozenset({"date"}),
    "account_locked": frozenset({"date"}),
    "alert_login": frozenset({"date", "device"}),
    "alert_contact": frozenset({"date"}),
    "alert_payment": frozenset({"date", "amount"}),
    "message_answered": frozenset({"date"}),
    "post_code_sent": frozenset({"date"}),
    "account_closed": frozenset({"date"}),
    "bank_declared": frozenset({"date", "end"}),
    "card_ordered": frozenset({"date"}),
    "way_removed": frozenset({"date"}),
    "email_changed": frozenset({"date"}),
    "email_code": frozenset({"code", "minutes"}),
    "mobile_changed": frozenset({"date"}),
    "account_unlocked": frozenset({"date"}),
    "account_renewed": frozenset({"date"}),
    "post_room": frozenset({"date", "name", "postal_code", "number", "code"}),
}
"""Every letter, with the names of its blanks."""

_MOMENT = {"fr": "d MMMM y 'à' HH 'h' mm", "en": "d MMMM y 'at' HH:mm"}
_DAY = "d MMMM y"
_PARIS = ZoneInfo("Europe/Paris")
_BEFORE_FRENCH_MARK = re.compile(r" (?=[:;?!»])|(?<=«) ")


@dataclass(frozen=True, slots=True)
class Letter:
    """
    A letter by its name in LETTERS, with the values of its blanks.

    `date` is a text in the language of the letter, or a day or a moment in ISO 8601, which is then
    put in words in Paris time. `language` is `fr` or `en`, French when the values do not say.
    ValueError for an unknown letter and for a blank without its value.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.name not in LETTERS:
            raise ValueError(f"no letter is called {self.name!r}")
        lacking = LETTERS[self.name] - self.values.keys()
        if lacking:
            raise ValueError(f"the letter {self.name} lacks {', '.join(sorted(lacking))}")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What every letter says of its sender: address, the portal's own address, demonstration."""

    sender: str = "no-reply@localhost"
    portal: str = ""
    demonstration: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it goes out."""

    subject: str
    text: str
    html: str


def written(letter: Letter, imprint: Imprint = Imprint()) -> Written:
    """The mail, in the language that the letter asks for."""
    template, values = _opened(letter)
    html = template.render(values, **_said_of(imprint))
    if values["language"] == "fr":
        html = _BEFORE_FRENCH_MARK.sub("\N{NO-BREAK SPACE}", html)
    return Written(_line(template, "subject", values), _plain(html), html)


def shortened(letter: Letter) -> str:
    """The text message, in one line."""
    template, values = _opened(letter)
    return _line(template, "short", values)


def _opened(letter: Letter) -> tuple[Template, dict[str, str]]:
    language = letter.values.get("language", LANGUAGES[0])
    values = {**letter.values, "language": language if language in LANGUAGES else LANGUAGES[0]}
    if "date" in values:
        values["date"] = _in_words(values["date"], values["language"])
    return _environment().get_template(f"letters/{values['language']}/{letter.name}.html"), values


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _said_of(imprint: Imprint) -> dict[str, object]:
    return {
        "sender": imprint.sender,
        "portal": imprint.portal,
        "demonstration": imprint.demonstration,
    }


def _in_words(moment: str, language: str) -> str:
    try:
        when = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    when = when if when.tzinfo else when.replace(tzinfo=_PARIS)
    pattern = _MOMENT[language] if "T" in moment else _DAY
    words: str = format_datetime(when, pattern, tzinfo=_PARIS, locale=language)
    return f"1er{words[1:]}" if language == "fr" and words.startswith("1 ") else words


def _line(template: Template, block: str, values: dict[str, str]) -> str:
    """One block as a single line of plain text: nothing in a value can begin another header."""
    context = template.new_context(values)
    text = _plain("".join(template.blocks[block](context)))
    return " ".join(text.split())


def _plain(html: str) -> str:
    """The text of a formatted letter, its paragraphs separated by an empty line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(paragraph.split()) for paragraph in reader.paragraphs)
    return "\n\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Reads our own letters: paragraphs in a body, or a bare line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs = [""]
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "head":
            self._in_head = True
        elif tag == "p":
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            self._in_head = False

    def handle_data(self, data: str) -> None:
        if not self._in_head:
            self.paragraphs[-1] += data
