"""Days and moments in Paris, as the personal space counts and tells them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from broker.working_days import is_working_day

PARIS = ZoneInfo("Europe/Paris")


def paris_day(seconds: float) -> date:
    """The day in Paris at a moment in Unix seconds."""
    return datetime.fromtimestamp(seconds, PARIS).date()


def moment(seconds: float) -> str:
    """Unix seconds -> ISO 8601 in UTC, as the back channel and the letters write it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for a 29th."""
    return years_after(day, -1)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February when there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def working_days_since(day: date, today: date) -> int:
    """How many working days came after `day`, up to `today` included."""
    count = 0
    while day < today:
        day += timedelta(days=1)
        count += is_working_day(day)
    return count
