"""The pages one only reads: what this is, accessibility, legal notice, personal data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from flask import Flask
from werkzeug.wrappers import Response

from broker.screens.render import render
from broker.screens.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadingScreen(Screen):
    is_reading: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpScreen(_ReadingScreen):
    """What this service is, for somebody who has never heard of it."""

    template: ClassVar[str] = "reading/help.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityScreen(_ReadingScreen):
    """The accessibility statement."""

    template: ClassVar[str] = "reading/accessibility.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalScreen(_ReadingScreen):
    """Who publishes this site."""

    template: ClassVar[str] = "reading/legal.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataScreen(_ReadingScreen):
    """What is kept about a person, why, for how long, and their rights."""

    template: ClassVar[str] = "reading/personal_data.html"


_PAGES: dict[str, Screen] = {
    "/": HelpScreen(),
    "/help": HelpScreen(),
    "/accessibility": AccessibilityScreen(),
    "/legal": LegalScreen(),
    "/personal-data": PersonalDataScreen(),
}


def mount_reading_pages(app: Flask) -> None:
    """Serve /help, /accessibility, /legal and /personal-data; the first page is the help."""
    for path, screen in _PAGES.items():
        app.add_url_rule(path, f"reading:{path}", _reader(screen))


def _reader(screen: Screen) -> Callable[[], Response]:
    # Flask-WTF asks every view for its name, which a partial does not have.
    def read() -> Response:
        return render(screen)

    return read
