"""What the portal keeps of the claims it receives: enough to greet and to find the account."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relying_party_demo.openid.errors import UnverifiedAnswerError
from relying_party_demo.sessions.store import SignedIn


class Person(BaseModel):
    """
    The claims of scope `account`, and a name.

    `account_status` says what happened at this login; `match` how the identity was recognised;
    `way` is `classic` for whoever signed in here with a number and a password.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    account_id: Annotated[str, Field(min_length=1, max_length=255)]
    account_status: Literal["created", "linked", "existing"]
    match: Literal["exact", "tolerant"] | None = None
    way: Literal["broker", "classic"] = "broker"
    idp_id: str = ""
    given_name: str = ""
    family_name: str = ""
    preferred_username: str = ""

    @property
    def greeting(self) -> str:
        """First name in use and name in use, as the person reads them."""
        return self.called(self.given_name.split(" ", 1))

    def called(self, given_names: Sequence[str]) -> str:
        """The same by the first names of the file, where a compound one is whole."""
        first = given_names[0] if given_names else ""
        return f"{first} {self.preferred_username or self.family_name}".strip()


def kept_claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The part of userinfo that a session holds; an answer without an account lets nobody in."""
    try:
        return Person.model_validate(claims).model_dump()
    except ValidationError as fault:
        names = sorted({str(error["loc"][0]) for error in fault.errors()})
        raise UnverifiedAnswerError(f"userinfo: {', '.join(names)}") from fault


def person_of(session: SignedIn) -> Person:
    """The person behind a session."""
    return Person.model_validate(session.claims)
