"""
When the advisors of 36 46 answer: Monday to Friday, 8:30 to 17:30 (S98, S165), Paris time,
never on a public holiday of mainland France.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
OPENS, CLOSES = time(8, 30), time(17, 30)
_SATURDAY = 5
_CATALOGUE = {"fr": "fr", "en": "en_US"}


@dataclass(frozen=True, slots=True)
class Opening:
    """
    Whether somebody answers now; `until` when they do, `again` (both in Paris) when they do not.

    `closed_on` is the next public holiday that falls on a weekday, today included.
    """

    until: datetime | None
    again: datetime | None
    closed_on: date

    @property
    def now(self) -> bool:
        """Whether somebody answers."""
        return self.until is not None


def opening(seconds: float) -> Opening:
    """The opening at a moment in Unix seconds."""
    now = datetime.fromtimestamp(seconds, PARIS)
    today = now.date()
    closing = datetime.combine(today, CLOSES, PARIS)
    holiday = _next_holiday(today)
    if works(today) and OPENS <= now.time() < CLOSES:
        return Opening(closing, None, holiday)
    first = today if now.time() < OPENS else today + timedelta(days=1)
    return Opening(None, datetime.combine(working_day(first), OPENS, PARIS), holiday)


def works(when: date) -> bool:
    """Whether this is a working day."""
    return when.weekday() < _SATURDAY and when not in _holidays(when.year, "fr")


def working_day(when: date) -> date:
    """The first working day on or after a date."""
    while not works(when):
        when += timedelta(days=1)
    return when


def after_working_days(when: date, count: int) -> date:
    """The working day that comes `count` working days after a date."""
    for _ in range(count):
        when = working_day(when + timedelta(days=1))
    return when


def holiday_name(when: date, language: str) -> str:
    """What a public holiday is called in `fr` or `en`."""
    return _holidays(when.year, language)[when]


def _next_holiday(today: date) -> date:
    known = _holidays(today.year, "fr") | _holidays(today.year + 1, "fr")
    return min(day for day in known if day >= today and day.weekday() < _SATURDAY)


@lru_cache(maxsize=16)
def _holidays(year: int, language: str) -> dict[date, str]:
    return dict(holidays.country_holidays("FR", years=year, language=_CATALOGUE[language]))
