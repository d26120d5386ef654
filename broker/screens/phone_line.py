"""The telephone line of the insurer: 36 46, on working days (rows S98, S164, S165)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from broker.screens.screen import PARIS

OPENS, CLOSES = time(8, 30), time(17, 30)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """Whether somebody answers now, and when next otherwise (in Paris)."""

    is_open: bool
    opens_at: datetime
    today: bool


def phone_line(now: float) -> PhoneLine:
    """The line at this moment, in Unix seconds."""
    here = datetime.fromtimestamp(now, PARIS)
    opening = datetime.combine(here.date(), OPENS, PARIS)
    if _working_day(here) and OPENS <= here.time() < CLOSES:
        return PhoneLine(is_open=True, opens_at=opening, today=True)
    if here.time() >= OPENS:
        opening += timedelta(days=1)
    while not _working_day(opening):
        opening += timedelta(days=1)
    return PhoneLine(is_open=False, opens_at=opening, today=opening.date() == here.date())


def _working_day(moment: datetime) -> bool:
    return moment.weekday() < _SATURDAY and moment.date() not in _holidays(moment.year)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))
