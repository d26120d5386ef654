"""The six fields of a creation, read and compared with the file; pure."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from broker.insured.contact import email_form
from broker.insured.credentials.ground import refused
from broker.insured.credentials.registered import OnFile
from broker.insured.matching.decision import creation_bar, sixteenth_birthday
from broker.insured.matching.nir import NirError, NirFault, validated
from broker.insured.matching.outcomes import Outcome
from broker.insured.matching.traits import Likeness, birthdates, family_names
from broker.insured.registry.fields import FieldError
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.rules import postal_code
from broker.sealing import Sealer
from broker.working_days import after_working_days
from providers.identity import PartialDate

_LONGEST_LIFE = 130
_REASONS = {
    Outcome.DECEASED: "deceased",
    Outcome.UNDER_16: "under_16",
    Outcome.NO_RIGHTS: "no_rights",
    Outcome.TEMPORARY_NUMBER: "temporary_number",
}


class FormFaultError(ValueError):
    """A field cannot be what it should be; `reason` names it, the text itself is not repeated."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Asked:
    """A form whose fields are all well formed; `iban` is the fingerprint of the one typed."""

    birth_name: str = field(repr=False)
    nir: str = field(repr=False)
    born: PartialDate = field(repr=False)
    postal_code: int = field(repr=False)
    iban: bytes = field(repr=False)
    email: str = field(repr=False)
    email_as_given: str = field(repr=False)
    language: str


def read_form(fields: dict[str, str], printer: IbanPrinter, today: date) -> Asked:
    """The fields of a creation; FormFaultError for the first one that is malformed."""
    return Asked(
        birth_name=fields["birth_name"],
        nir=read_nir(fields["nir"]),
        born=read_birthdate(fields["birthdate"], today),
        postal_code=_postal_code(fields["postal_code"]),
        iban=_iban(fields["iban"], printer),
        email=_email(fields["email"]),
        email_as_given=fields["email"],
        language=fields["language"],
    )


def read_nir(text: str) -> str:
    """The 15 characters of a NIR; a wrong key is told apart, for it is a typing error (X11)."""
    try:
        return validated(text)
    except NirError as fault:
        reason = "nir_key" if fault.fault is NirFault.KEY else "nir_form"
        raise FormFaultError(reason) from fault


def read_birthdate(text: str, today: date) -> PartialDate:
    """A date of birth that somebody alive may have."""
    try:
        born = PartialDate.parse(text)
    except ValueError as fault:
        raise FormFaultError("birthdate") from fault
    first = PartialDate(born.year, born.month or 1, born.day or 1).latest()
    if born.year < today.year - _LONGEST_LIFE or first > today:
        raise FormFaultError("birthdate")
    return born


def _postal_code(text: str) -> int:
    digits = text.replace(" ", "")
    if not digits:
        raise FormFaultError("postal_code")
    try:
        return postal_code(digits)
    except FieldError as fault:
        raise FormFaultError("postal_code") from fault


def _iban(text: str, printer: IbanPrinter) -> bytes:
    if text.startswith("#"):  # how a fingerprint leaves the registry: no person types one
        raise FormFaultError("iban_form")
    try:
        return printer.fingerprint(text)
    except FieldError as fault:
        raise FormFaultError("iban_form") from fault


def _email(text: str) -> str:
    try:
        validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as fault:
        raise FormFaultError("email_form") from fault
    return email_form(text)


def same_person(asked: Asked, file: OnFile) -> bool:
    """
    Whether birth name, date and postal code are those of the file (E1 otherwise).

    Compared as matching does, with its equivalences; the usage name never serves.
    """
    return (
        family_names(asked.birth_name, file.record.family_name) is not Likeness.DIFFERENT
        and birthdates(asked.born, file.record) is not Likeness.DIFFERENT
        and asked.postal_code == file.postal_code
    )


def why_no_account(asked: Asked, file: OnFile, today: date) -> dict[str, Any] | None:
    """What forbids an account to somebody who was recognised, or None."""
    bar = creation_bar(asked.born, file.record, today)
    if bar is None:
        return None
    if bar is Outcome.UNDER_16:
        born = max(asked.born.latest(), file.record.birthdate.latest())
        return refused("under_16", **{"from": str(sixteenth_birthday(born))})
    return refused(_REASONS[bar])


def why_no_iban(
    asked: Asked, file: OnFile, today: date, working_days: int
) -> dict[str, Any] | None:
    """Why the IBAN does not serve (E3): unknown, or recorded a short while ago; or None."""
    if file.iban is None or not Sealer.same(file.iban.hex(), asked.iban.hex()):
        return refused("iban_unknown")
    if file.iban_since is None:
        return None
    usable_on = after_working_days(file.iban_since, working_days)
    return refused("iban_pending", usable_on=str(usable_on)) if today < usable_on else None
