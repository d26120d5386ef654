"""Working days: Monday to Friday, public holidays of mainland France excepted."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether banks and offices work on this day."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def after_working_days(day: date, count: int) -> date:
    """The working day that comes `count` working days after a day, which itself does not count."""
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))
