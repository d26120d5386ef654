"""Moments as people read them, in Paris time and in the language of the page."""

from datetime import UTC, date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime, format_time


def mount_moments(app: Flask) -> None:
    """Give templates `clock_time`, `moment`, `day` and `weekday`."""
    app.context_processor(
        lambda: {"clock_time": clock_time, "moment": moment, "day": day, "weekday": weekday}
    )


def clock_time(seconds: float) -> str:
    """Unix seconds -> `14:32`."""
    return format_time(datetime.fromtimestamp(seconds, UTC), "HH:mm")


def moment(when: float | datetime) -> str:
    """Unix seconds or an aware datetime -> `24 novembre 2026 à 14:32`."""
    aware = when if isinstance(when, datetime) else datetime.fromtimestamp(when, UTC)
    return format_datetime(aware, "long").rpartition(":")[0]


def day(when: date) -> str:
    """A date -> `27 mars 1985`."""
    return format_date(when, "long")


def weekday(when: date) -> str:
    """A date -> `jeudi 24 décembre 2026`."""
    return format_date(when, "full")
