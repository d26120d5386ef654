"""What the insurer answers to the desk, typed; moments in Unix seconds."""

from datetime import date
from typing import Literal

from pydantic import Field

from relying_party_demo.backchannel import Reply


class Advisor(Reply):
    """Who is at work; `idle_seconds` until the session ends when nothing happens."""

    name: str
    on_call: bool
    open: bool
    idle_seconds: int


class SignedIn(Advisor):
    """The same, with the token of the new session."""

    token: str = Field(repr=False)


class OpenCase(Reply):
    """A case that waits."""

    number: str
    outcome: str
    provider: str
    opened_at: float


class Cases(Reply):
    """How many cases wait, and the latest."""

    waiting: int
    latest: tuple[OpenCase, ...] = ()


class Refusal(Reply):
    """What the number of a page means, in each language, and the open cases that showed it."""

    number: str
    title: dict[str, str]
    public: dict[str, str]
    cases: Cases


class WaitingMessage(Reply):
    """A message that waits; its text stands in the file of its author alone."""

    number: int
    topic: str
    sent_at: float
    due_on: date
    text: str = Field(default="", repr=False)


class Overview(Advisor):
    """What waits."""

    cases: Cases
    messages: tuple[WaitingMessage, ...] = ()


class Rights(Reply):
    """What a person is entitled to."""

    open: bool
    scheme: str
    fund: str | None = None
    deceased: bool = False


class Holder(Reply):
    """Who it is."""

    person: int
    family_name: str
    usage_name: str | None = None
    former_names: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    birthdate: str
    gender: str
    birthplace: str
    birthplace_name: str | None = None
    nir_masked: str

    @property
    def short_name(self) -> str:
        """First name and birth name."""
        return " ".join((*self.given_names[:1], self.family_name))


class Candidate(Holder):
    """A person that a search shows, with the traits that differ."""

    rights: Rights
    differing: tuple[str, ...] = ()
    former_number: bool = False


class Sent(Reply):
    """The identity that a refused login brought."""

    family_name: str
    usage_name: str | None = None
    given_names: tuple[str, ...] = ()
    birthdate: str
    gender: str
    birthplace: str
    birthplace_name: str | None = None


class Explanation(Reply):
    """Why a login was refused: the row of the decision table and what led to it."""

    rule: str = ""
    equivalences: dict[str, str] = Field(default_factory=dict)
    differing: str | None = None
    rivals: tuple[int, ...] = ()
    guard: dict[str, str] = Field(default_factory=dict)


class Case(Reply):
    """A refused login."""

    number: str
    outcome: str
    provider: str
    opened_at: float
    closed_at: float | None = None
    explanation: Explanation
    identity: Sent | None = None


class Known(Reply):
    """How the insurer reaches and pays a person, masked."""

    postal_code: str | None = None
    email_masked: str | None = None
    mobile_masked: str | None = None
    iban_masked: str | None = None
    iban_since: str | None = None


class Link(Reply):
    """A provider through which an account is reached."""

    provider: str
    linked_at: float
    used_at: float
    match: str | None = None


class PostCode(Reply):
    """The latest code sent by post."""

    status: str
    posted_at: float
    expires_at: float


class Lock(Reply):
    """What keeps the holder of an account out, `until` somebody opens it when it is None."""

    until: float | None = None


class Account(Reply):
    """An account of a person, standing or ended."""

    status: str
    lock: Lock | None = None
    origin: str
    created_at: float
    ended_at: float | None = None
    email_masked: str | None = None
    mobile_masked: str | None = None
    links: tuple[Link, ...] = ()
    post_code: PostCode | None = None

    @property
    def standing(self) -> bool:
        """Whether this account holds its person."""
        return self.status not in {"closed", "replaced"}

    @property
    def open(self) -> bool:
        """Whether its contact and its ways in may be changed: neither waiting nor deactivated."""
        return self.status in {"active", "locked"}


class Look(Reply):
    """An earlier consultation of a file."""

    at: float
    staff: str
    reason: str
    note: str | None = Field(default=None, repr=False)
    acts: tuple[str, ...] = ()


class Consultation(Reply):
    """What every consultation has."""

    kind: Literal["search", "case", "file"]
    reason: str
    note: str | None = None
    opened_at: float


class Found(Consultation):
    """A search, or a case with its explanation: the persons shown, nearest first."""

    persons: tuple[Candidate, ...] = ()
    asked: dict[str, str] = Field(default_factory=dict, repr=False)
    case: Case | None = None


class File(Consultation):
    """The file of a person; `case` is the number of the case that led to it."""

    holder: Holder
    rights: Rights
    known: Known
    accounts: tuple[Account, ...] = ()
    history: tuple[Look, ...] = ()
    messages: tuple[WaitingMessage, ...] = ()
    verified_until: float | None = None
    case: str | None = None

    @property
    def account(self) -> Account | None:
        """The account that holds the person now."""
        return next((one for one in self.accounts if one.standing), None)
