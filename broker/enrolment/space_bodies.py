"""What the portal may send to the personal space: shapes and bounds, refused by member."""

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from email_validator import EmailNotValidError, validate_email
from flask import request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from broker.errors import BackChannelRequestError
from broker.insured.space.messages import LONGEST

_KEY_CHARACTERS = r"^[A-Za-z0-9_-]{16,64}$"
_SESSION = r"^[0-9a-f]{16,64}$"
_LONGEST_EMAIL = 254


def _mailbox(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("must be an e-mail address") from None


Language = Literal["fr", "en"]
Line = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Email = Annotated[str, Field(max_length=_LONGEST_EMAIL), AfterValidator(_mailbox)]


class Body(BaseModel):
    """Members that are not known are refused: nothing is trusted by oversight."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(Body):
    """An empty object."""


class CardOrder(Body):
    """Why a card is needed."""

    reason: Literal["loss", "deterioration"]


class OrderOutcome(Body):
    """How an order ends."""

    outcome: Literal["received", "cancelled"]


class Address(Body):
    """`[kind] = address`: where the person lives, in France."""

    kind: Literal["address"]
    street: Line
    postal_code: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    city: Line


class Bank(Body):
    """`[kind] = bank`: the account to be paid on; its keys are checked later."""

    kind: Literal["bank"]
    iban: Annotated[str, Field(min_length=15, max_length=42, pattern=r"^[A-Za-z0-9 ]+$")]


class Doctor(Body):
    """`[kind] = doctor`: the doctor whom the person chose."""

    kind: Literal["doctor"]
    name: Line
    city: Line


class Fund(Body):
    """`[kind] = fund`: the fund of the new home, by its name."""

    kind: Literal["fund"]
    fund: Line


class Declaration(Body):
    """A change of one of the four kinds."""

    change: Annotated[Address | Bank | Doctor | Fund, Field(discriminator="kind")]


class Message(Body):
    """A message to the fund."""

    topic: Literal["reimbursement", "rights", "leave", "document", "other"]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class Alerts(Body):
    """Which alerts are wanted, in which language."""

    login: bool
    contact: bool
    payment: bool
    language: Language


class Visit(Body):
    """A sign-in at the portal, under the portal's name for the session."""

    session: Annotated[str, Field(pattern=_SESSION)]
    way: Literal["federation", "classic"]
    provider: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    device: Line
    language: Language


class NewEmail(Body):
    """The address to be used from now on."""

    email: Email
    language: Language


class EmailCode(Body):
    """The code that came to the new address."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class PaymentQuery(Body):
    """Which payments are wanted; see `payments.Wanted`."""

    since: date | None = None
    until: date | None = None
    kind: Annotated[str, Field(pattern=r"^[a-z]{1,20}$")] | None = None
    place: Annotated[int, Field(ge=0, le=99)] | None = None
    page: Annotated[int, Field(ge=1, le=999)] = 1


Kind = TypeVar("Kind", bound=Body)


def read_body(kind: type[Kind]) -> Kind:
    """The JSON object of this request; BackChannelRequestError names the member and the rule."""
    return _checked(kind, request.get_json(silent=True))


def read_query(kind: type[Kind]) -> Kind:
    """The same of the query."""
    return _checked(kind, request.args.to_dict())


def read_key() -> str:
    """The `Idempotency-Key` of this request: 16 to 64 letters, digits, hyphens, underscores."""
    try:
        return _Key(value=request.headers.get("Idempotency-Key", "")).value
    except ValidationError as fault:
        raise BackChannelRequestError(
            "must hold 16 to 64 letters, digits, - or _", parameter="Idempotency-Key"
        ) from fault


class _Key(Body):
    value: Annotated[str, Field(pattern=_KEY_CHARACTERS)]


def _checked(kind: type[Kind], content: Any) -> Kind:
    try:
        return kind.model_validate(content)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        member = ".".join(str(part) for part in first["loc"]) or "body"
        raise BackChannelRequestError(first["msg"], parameter=member) from fault
