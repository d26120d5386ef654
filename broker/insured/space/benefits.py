"""
Daily benefits of a sick leave, in a simplified form of the public rule. Pure.

Three days of waiting, then half of the daily wage for each day of the leave. The daily wage is the
last three gross monthly wages, each counted up to 1.4 times the minimum wage, divided by 91.25
(Code de la sécurité sociale, R323-4 and R323-9). Left out: the limits over three years, long
illnesses, part-time work, and whatever an employer keeps paying.
"""

from dataclasses import dataclass
from datetime import date, timedelta

WAITING_DAYS = 3
PERIOD_DAYS = 14
"""Benefits are paid every two weeks."""

MONTHLY_MINIMUM = 182_303
"""The gross monthly minimum wage of 1 January 2026, in cents."""

_CEILING = MONTHLY_MINIMUM * 14 // 10
_MONTHS, _QUARTER_DAYS = 3, 91.25
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Instalment:
    """Benefits of some days, first and last included, paid on the day after them; cents."""

    from_on: date
    until_on: date
    amount: int

    @property
    def paid_on(self) -> date:
        """When the fund pays."""
        return self.until_on + _DAY

    @property
    def days(self) -> int:
        """How many days it pays for."""
        return (self.until_on - self.from_on).days + 1


def daily_benefit(wages: int) -> int:
    """Cents a day for these wages of three months, in cents."""
    counted = min(wages, _MONTHS * _CEILING)
    return int(counted / _QUARTER_DAYS / 2)


def instalments(from_on: date, until_on: date, wages: int) -> list[Instalment]:
    """What a leave gives, by periods of two weeks; nothing for one of three days or less."""
    daily = daily_benefit(wages)
    found, start = [], from_on + timedelta(days=WAITING_DAYS)
    while start <= until_on:
        end = min(until_on, start + timedelta(days=PERIOD_DAYS - 1))
        found.append(Instalment(start, end, daily * ((end - start).days + 1)))
        start = end + _DAY
    return found
