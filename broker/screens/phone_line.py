"""The telephone line of the insurer: 36 46, on working days (rows S98, S164, S165)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from broker.screens.screen import PARIS
from broker.working_days import is_working_day

OPENS, CLOSES = time(8, 30), time(17, 30)


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
    if is_working_day(here.date()) and OPENS <= here.time() < CLOSES:
        return PhoneLine(is_open=True, opens_at=opening, today=True)
    if here.time() >= OPENS:
        opening += timedelta(days=1)
    while not is_working_day(opening.date()):
        opening += timedelta(days=1)
    return PhoneLine(is_open=False, opens_at=opening, today=opening.date() == here.date())
