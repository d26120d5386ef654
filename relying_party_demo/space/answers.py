"""What the insurer says of payments, leaves and orders, typed; amounts are cents of euro."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from relying_party_demo.backchannel import Account, Holder, Reply


class Member(Reply):
    """One person of the household by their place in it, 0 for the holder."""

    place: int
    name: str
    holder: bool = False


class Payment(Reply):
    """One act of care: `base` the tariff, `rate` per cent of it, `paid` by the fund."""

    reference: str
    place: int
    kind: str
    label: str
    care_on: date
    paid_on: date
    spent: int
    base: int
    rate: int
    paid: int
    insurer: str | None = None
    sent_on: date | None = None

    @property
    def kept(self) -> int:
        """What was taken off the rate of the tariff: a flat-rate share or a deductible."""
        return max(0, self.base * self.rate // 100 - self.paid)


class Latest(Reply):
    """The last payments and the sum of twelve months."""

    count: int = 0
    total: int = 0
    latest: tuple[Payment, ...] = ()


class Instalment(Reply):
    """Daily benefits of some days, paid in one go."""

    from_on: date
    until_on: date
    days: int
    amount: int
    paid_on: date
    paid: bool


class Leave(Reply):
    """A sick leave; `daily` a day after the waiting days, `expected` in all."""

    reference: str
    from_on: date
    until_on: date
    received_on: date
    days: int
    waiting_until: date
    ongoing: bool
    daily: int
    paid: int
    expected: int
    instalments: tuple[Instalment, ...] = ()


class Order(Reply):
    """An order of a card and how far it came."""

    reason: str
    ordered_at: datetime
    stage: str
    expected_on: date


class Coming(Reply):
    """A declared change that does not count yet."""

    kind: str
    effective_on: date


class EmailChange(Reply):
    """A new address that waits for its code."""

    email_masked: str
    until: datetime
    tries_left: int = 3


class Dashboard(Account):
    """The account and a line of each part of the space; an inactive one has its account alone."""

    holder: Holder | None = None  # type: ignore[assignment]  # a record may be gone
    reimbursements: Latest = Latest()
    household: tuple[Member, ...] = ()
    leave: Leave | None = None
    order: Order | None = None
    unread: int = 0
    coming: tuple[Coming, ...] = ()
    email_change: EmailChange | None = None
    password_reminder: bool = False


class Payments(Reply):
    """One page of payments, and the totals of all that were asked for."""

    since: date
    until: date
    household: tuple[Member, ...]
    count: int
    pages: int
    spent: int
    total: int
    payments: tuple[Payment, ...]


class Month(Reply):
    """What was paid in a month, `YYYY-MM`."""

    month: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
    count: int
    total: int

    @property
    def first(self) -> date:
        """The first day of it."""
        return date.fromisoformat(f"{self.month}-01")


class Statements(Reply):
    """The months that have a statement."""

    months: tuple[Month, ...]


class Statement(Reply):
    """The payments of one month."""

    month: str
    household: tuple[Member, ...]
    spent: int
    total: int
    payments: tuple[Payment, ...]

    @property
    def first(self) -> date:
        """The first day of it."""
        return date.fromisoformat(f"{self.month}-01")


class Leaves(Reply):
    """The leaves of three years."""

    leaves: tuple[Leave, ...]


class Orders(Reply):
    """The last orders of a card."""

    orders: tuple[Order, ...]
