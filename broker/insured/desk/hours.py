"""
When the desk is open: Monday to Friday, 8:30 to 17:30 in Paris, public holidays of mainland
France excepted (S98, S165).
"""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from broker.working_days import is_working_day

OPENS, CLOSES = time(8, 30), time(17, 30)
OVERTIME_SECONDS = 30 * 60
"""A call that is under way at closing time may be finished."""

_PARIS = ZoneInfo("Europe/Paris")


def is_open(now: float) -> bool:
    """Whether the desk is open at this moment (Unix seconds)."""
    here = datetime.fromtimestamp(now, _PARIS)
    return is_working_day(here.date()) and OPENS <= here.time() < CLOSES


def may_go_on(now: float) -> bool:
    """Whether somebody who came in during opening hours may still be at work."""
    return is_open(now) or is_open(now - OVERTIME_SECONDS)
