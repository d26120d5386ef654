"""What the insurer says of rights, declarations, messages, ways in and certificates, typed."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from relying_party_demo.backchannel import Holder, Reply, Rights
from relying_party_demo.space.answers import EmailChange


class Declared(Reply):
    """What a person declared: values, when, and from when it counts."""

    values: dict[str, str]
    declared_at: datetime
    effective_on: date


class Change(Reply):
    """One kind of declaration: what counts, what will."""

    current: Declared | None = None
    coming: Declared | None = None


class Child(Reply):
    """A child attached to the holder; `adult_on` the 16th birthday."""

    name: str
    birthdate: Annotated[date | str, Field(union_mode="left_to_right")]
    adult_on: date
    minor: bool


class RightsPage(Reply):
    """Rights and who stands behind them."""

    rights: Rights
    nir_masked: str
    insurer: str | None = None
    doctor: str | None = None
    declared: dict[str, Change] = Field(default_factory=dict)
    children: tuple[Child, ...] = ()


class Declarations(Reply):
    """What was declared, and the funds that may be."""

    declared: dict[str, Change]
    funds: tuple[str, ...]


class Message(Reply):
    """A message to the fund; `text` and `answer` on its own page only."""

    number: int
    topic: str
    sent_at: datetime
    answer_from: date
    answer_until: date
    answered_at: datetime | None = None
    read: bool = False
    text: str = ""
    answer: str | None = None


class Messages(Reply):
    """The last messages."""

    messages: tuple[Message, ...]


class Alerts(Reply):
    """The alerts that were asked for."""

    login: bool
    contact: bool
    payment: bool


class Visit(Reply):
    """One sign-in; `session` is our own name for it."""

    session: str
    way: str
    provider: str | None = None
    device: str
    at: datetime


class Visits(Reply):
    """The last sign-ins."""

    visits: tuple[Visit, ...]


class Way(Reply):
    """One account at a provider that opens this one."""

    number: int
    provider: str
    linked_at: datetime
    used_at: datetime


class Ways(Reply):
    """Everything that opens the account."""

    links: tuple[Way, ...]
    password_since: datetime | None = None
    email_change: EmailChange | None = None


class Tried(Reply):
    """What became of a code."""

    outcome: Literal["changed", "wrong", "expired"]
    tries_left: int = 0


class Proven(Reply):
    """What a password proved; `retry_after` seconds go with `wait`."""

    result: Literal["right", "refused", "wait", "locked"]
    retry_after: int = 0


class ChildNamed(Reply):
    """A child on a certificate."""

    name: str
    birthdate: Annotated[date | str, Field(union_mode="left_to_right")]


class Certificate(Reply):
    """What a certificate of rights says; its number is not masked."""

    code: str
    issued_on: date
    valid_until: date
    holder: Holder
    nir: Annotated[str, Field(repr=False)]
    scheme: str
    fund: str | None = None
    children: tuple[ChildNamed, ...] = ()


class Verified(Reply):
    """What the public learns of a certificate."""

    valid: bool
    initials: str
    issued_on: date
    valid_until: date
