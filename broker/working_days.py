"""Working days: Monday to Friday, public holidays of mainland France excepted."""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

_SATURDAY = 5
# Code du travail, article L3133-1: eight by date, (month, day), and three by days after Easter.
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)


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
    # The portal asks the package `holidays`, whose calendars of the world cost a node 3 MiB.
    moved = (easter(year) + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset([date(year, month, day) for month, day in _FIXED]) | frozenset(moved)
