"""What the portal may send for the classic way: shapes and bounds, refused by member."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from broker.enrolment.space_bodies import Body, Language


def _characters(text: str) -> str:
    """JSON can spell half a character (RFC 8259 §8.2), which nothing can keep or compare."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds half a character")
    return text


Whole = Annotated[str, AfterValidator(_characters)]
Field64 = Annotated[Whole, Field(max_length=64)]
Typed = Annotated[Whole, Field(max_length=255)]
Secret = Annotated[Whole, Field(max_length=1024, repr=False)]
Opaque = Annotated[Whole, Field(max_length=128, repr=False)]
Origin = Annotated[Whole, Field(min_length=1, max_length=64)]


class CreationBody(Body):
    """The six fields of a creation, as they were typed."""

    birth_name: Typed
    nir: Field64
    birthdate: Field64
    postal_code: Field64
    iban: Field64
    email: Typed
    origin: Origin
    language: Language


class TokenBody(Body):
    """An activation link's token."""

    token: Opaque


class ActivationBody(TokenBody):
    """The password chosen behind an activation link."""

    password: Secret
    language: Language


class Device(Body):
    """What the person signs in with, as the portal calls it; told to the space, not kept here."""

    label: Annotated[Whole, Field(max_length=200)] = ""


class IdentityBody(Body):
    """A NIR and a password."""

    nir: Field64
    password: Secret
    origin: Origin


class SignInBody(IdentityBody):
    """The same, typed at the portal."""

    device: Device = Device()


class PasswordBody(Body):
    """The password of an account, again, and from where it was typed."""

    password: Secret
    origin: Origin


class ChallengeBody(Body):
    """A first sign-in that waits for its code."""

    challenge: Opaque


class CodeBody(ChallengeBody):
    """The code of a first sign-in."""

    code: Field64


class RecoveryBody(Body):
    """Who asks for a provisional code."""

    nir: Field64
    birthdate: Field64
    channel: Literal["email", "sms"]
    origin: Origin
    language: Language


class RecoveryCodeBody(Body):
    """A provisional code and the password chosen with it."""

    recovery: Opaque
    code: Field64
    password: Secret
