"""Moments as people read them, in Paris time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from sandbox.room.languages import language

PARIS = ZoneInfo("Europe/Paris")
_FORMATS = {
    "long": {
        "fr": "EEEE d MMMM y 'à' HH:mm:ss",
        "en": "EEEE, d MMMM y 'at' HH:mm:ss",
    },
    "short": {"fr": "d MMM, HH:mm:ss", "en": "d MMM, HH:mm:ss"},
}


def as_moment(seconds: float, width: str = "long") -> str:
    """Unix seconds as a date and an hour; `width` is `long` or `short`."""
    locale = language()
    moment = datetime.fromtimestamp(seconds, PARIS)
    return str(format_datetime(moment, _FORMATS[width][locale], tzinfo=PARIS, locale=locale))
