"""Moments as people read them, in Paris time and in the language of the page."""

from datetime import UTC, date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime

from relying_party_demo.pages.languages import language

_MOMENT = {"fr": "d MMMM y 'à' HH:mm", "en": "d MMMM y 'at' HH:mm"}


def mount_moments(app: Flask) -> None:
    """Give templates `clock_time`, `moment`, `day` and `weekday`."""
    app.jinja_env.globals |= {
        "clock_time": clock_time,
        "moment": moment,
        "day": day,
        "weekday": weekday,
    }


def clock_time(when: float | datetime) -> str:
    """Unix seconds or an aware datetime -> `14:32`."""
    return str(format_datetime(_aware(when), "HH:mm"))


def moment(when: float | datetime) -> str:
    """Unix seconds or an aware datetime -> `24 novembre 2026 à 14:32`."""
    return _first(format_datetime(_aware(when), _MOMENT[language()]))


def day(when: date) -> str:
    """A date -> `27 mars 1985`; an aware datetime is brought to Paris first."""
    return _first(format_date(when, "d MMMM y"))


def weekday(when: date) -> str:
    """A date -> `jeudi 24 décembre 2026`."""
    text = str(format_date(when, "EEEE d MMMM y"))
    return text.replace(" 1 ", " 1er ") if _french() else text


def _aware(when: float | datetime) -> datetime:
    return when if isinstance(when, datetime) else datetime.fromtimestamp(when, UTC)


def _first(text: str) -> str:
    """French writes the first of a month `1er`."""
    return f"1er{text[1:]}" if _french() and text.startswith("1 ") else text


def _french() -> bool:
    return language() == "fr"
