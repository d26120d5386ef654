"""The bodies that the desk reads: strict, so that what is not documented is refused."""

from typing import Annotated

from pydantic import AfterValidator, Field

from broker.enrolment.classic_bodies import Origin
from broker.enrolment.space_bodies import Body


def _storable(text: str) -> str:
    """No database keeps a NUL in a text."""
    if "\0" in text:
        raise ValueError("holds a NUL")
    return text


Text = Annotated[str, Field(max_length=300), AfterValidator(_storable)]
Long = Annotated[str, Field(max_length=20_000), AfterValidator(_storable)]
Password = Annotated[str, Field(max_length=1024, repr=False), AfterValidator(_storable)]
Number = Annotated[int, Field(strict=True, ge=0, lt=2**63)]


class SignInBody(Body):
    """Who signs in."""

    name: Text = ""
    password: Password = ""
    code: Text = ""


class WhyBody(Body):
    """The reason of a consultation."""

    reason: Text = ""
    note: Long = ""


class SearchBody(WhyBody):
    """A NIR, or what the caller says; dates as `YYYY-MM-DD` with 00 for what is unknown."""

    nir: Text = ""
    family_name: Text = ""
    given_names: Text = ""
    birthdate: Text = ""
    gender: Text = ""
    birthplace: Text = ""
    birthcountry: Text = ""


class CaseBody(WhyBody):
    """A case, by the number that the person read on the page of the refusal."""

    number: Text = ""


class ShownBody(Body):
    """A person shown in a consultation of the same advisor."""

    source: Text
    person: Number


class TextBody(Body):
    """One text: an address, a number."""

    text: Text = ""


class ProofBody(Body):
    """
    The questions that the caller answered as the file does, by their codes.

    A social security number and a way to reach the person are masked on the page: what the caller
    says of them is sent along and compared with the file.
    """

    questions: Annotated[list[Text], Field(max_length=20)]
    nir: Annotated[Text, Field(repr=False)] = ""
    contact: Annotated[Text, Field(repr=False)] = ""


class AnswerBody(Body):
    """The answer to a message of the person."""

    message: Number
    text: Long


class RedemptionBody(Body):
    """A code received by post, and the password that is chosen with it."""

    nir: Text
    code: Text
    password: Password
    origin: Origin
