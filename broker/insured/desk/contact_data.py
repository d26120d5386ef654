"""
The e-mail address and the mobile number of an account, changed for somebody on the telephone.

Both places are told, the old and the new, so that nobody loses an account in silence; codes that
are on their way to the old place no longer serve.
"""

import re
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from sqlalchemy import Connection, bindparam, update
from sqlalchemy.exc import IntegrityError

from broker.errors import DeskConflictError, DeskEmailTakenError, DeskFieldError
from broker.insured.accounts.protected import email_columns, email_indexes, phone_of
from broker.insured.accounts.rows import email_used
from broker.insured.contact import Recipient, email_form
from broker.insured.credentials.proofs import forget
from broker.insured.desk.ground import Ground
from broker.insured.desk.telling import AccountRow, own_contact, tell_at
from broker.insured.registry.lookup import known_contact
from broker.insured.schema import ACCOUNT

_FRANCE, _FRENCH = 33, re.compile(r"[67][0-9]{8}")
_MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_CHANGE = update(ACCOUNT).where(
    ACCOUNT.c.id == bindparam("wanted"), ACCOUNT.c.status.in_(("active", "locked"))
)


def email_typed(text: str) -> str:
    """An e-mail address as it is kept; DeskFieldError when it is none."""
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as fault:
        raise DeskFieldError("malformed", parameter="email") from fault
    return email_form(found.normalized)


def mobile_typed(text: str) -> str:
    """A mobile number in E.164, French unless it says its country; DeskFieldError otherwise."""
    try:
        number = phonenumbers.parse(text, "FR")
    except NumberParseException as fault:
        raise DeskFieldError("malformed", parameter="mobile") from fault
    if not _is_mobile(number):
        raise DeskFieldError("malformed", parameter="mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_mobile(number: PhoneNumber) -> bool:
    if number.country_code == _FRANCE:
        # Of these the library leaves out 06 39 98, which is kept for works of fiction (ARCEP).
        return bool(_FRENCH.fullmatch(phonenumbers.national_significant_number(number)))
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _MOBILES


def change_email(tx: Connection, ground: Ground, account: AccountRow, address: str) -> None:
    """
    Give an account this address (as `email_typed` gives it); DeskEmailTakenError.

    An account that had none is told at the place the insurer knows. DeskFieldError when it is the
    address already: nothing is changed and nobody alarmed.
    """
    before = own_contact(ground, account).email
    if before == address:
        raise DeskFieldError("unchanged", parameter="email")
    if email_used(tx, email_indexes(ground.sealing, address)):
        raise DeskEmailTakenError
    old = Recipient("mail", before) if before else known_contact(tx, account.person_id).recipient
    try:
        _change(tx, account, email_columns(ground.sealing, address))
    except IntegrityError as fault:
        raise DeskEmailTakenError from fault
    for place in dict.fromkeys(filter(None, (old, Recipient("mail", address)))):
        tell_at(tx, ground, account, place, "email_changed")


def change_mobile(tx: Connection, ground: Ground, account: AccountRow, number: str) -> None:
    """
    Give an account this number (as `mobile_typed` gives it); both numbers and the mailbox are told.

    DeskFieldError when it is the number already.
    """
    own, known = own_contact(ground, account), known_contact(tx, account.person_id)
    if own.mobile == number:
        raise DeskFieldError("unchanged", parameter="mobile")
    _change(tx, account, phone_of(ground.sealing).columns(number))
    old, mailbox = own.mobile or known.mobile, own.email or known.email
    for place in dict.fromkeys(filter(None, (old, number))):
        tell_at(tx, ground, account, Recipient("sms", place), "mobile_changed")
    if mailbox:
        tell_at(tx, ground, account, Recipient("mail", mailbox), "mobile_changed")


def _change(tx: Connection, account: AccountRow, columns: dict[str, Any]) -> None:
    if not tx.execute(_CHANGE.values(columns), {"wanted": account.id}).rowcount:
        raise DeskConflictError(detail=f"the account is {account.status}")
    forget(tx, account.id)
