"""What the insurer's domain is told: `[insured]` and its sub-tables."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class PasswordSettings(BaseModel):
    """
    `[insured.passwords]`: the cost of a password, and how many are hashed at once on a node.

    The defaults are the least that OWASP advises for argon2id. `waiting` more may wait for
    `wait_seconds`; whoever comes after is asked to come back. Each that runs or waits holds a
    thread of the server: `threads` at most, people and advisors counted apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_kib: Annotated[int, Field(ge=8, le=4_194_304)] = 19_456
    passes: Annotated[int, Field(ge=1, le=100)] = 2
    lanes: Annotated[int, Field(ge=1, le=64)] = 1
    at_once: Annotated[int, Field(ge=1, le=64)] = 1
    waiting: Annotated[int, Field(ge=0, le=1000)] = 6
    wait_seconds: Annotated[float, Field(gt=0, le=30)] = 1.0

    @property
    def threads(self) -> int:
        """How many threads of a server passwords may hold at the most."""
        return 2 * (self.at_once + self.waiting)


class DemonstrationAdvisor(BaseModel):
    """`[insured.desk.demonstration_advisor]`: the advisor of the demonstration; fictional."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    password: Annotated[str, Field(min_length=12, repr=False)]
    totp_secret: Annotated[str, Field(pattern=r"^[A-Z2-7]{32}$", repr=False)]
    on_call: bool = True


class DeskSettings(BaseModel):
    """
    `[insured.desk]`: the advisors of 36 46.

    Letters to be printed and posted go to the mailbox `post_room`. An advisor opens
    `consultations_per_hour` at most; beyond, the journal holds an alert.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    post_room: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] = "post-room@localhost"
    consultations_per_hour: Annotated[int, Field(ge=1, le=10_000)] = 60
    demonstration_advisor: DemonstrationAdvisor | None = None


class InsuredTable(BaseModel):
    """
    `[insured]`: the insurer's domain; absent from a pure federation broker.

    Mails lead to `portal_url`. An IBAN serves `iban_working_days` working days after the insurer
    recorded it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str
    demonstration_persons: Annotated[int, Field(ge=0)] = 0
    demonstration_seed: int = 36
    portal_url: str = "http://localhost:8080"
    iban_working_days: Annotated[int, Field(ge=0, le=30)] = 3
    passwords: PasswordSettings = PasswordSettings()
    desk: DeskSettings = DeskSettings()

    def problems(self, *, production: bool) -> Iterator[str]:
        """What is wrong beyond the shape of each value."""
        if self.portal_url.endswith("/"):
            yield "insured.portal_url: must not end with a slash; paths are appended to it"
        if production and self.passwords.memory_kib < PasswordSettings().memory_kib:
            yield "insured.passwords.memory_kib: must be 19456 at least in production"
        if production and self.demonstration_persons:
            yield "insured.demonstration_persons: must be 0 in production"
        if production and self.desk.demonstration_advisor:
            yield "insured.desk.demonstration_advisor: is refused in production"
