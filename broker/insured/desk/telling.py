"""Whom the desk tells of what it did: the holder of the account, always, whatever they chose."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row

from broker.insured.accounts.protected import email_of, phone_of
from broker.insured.contact import KnownContact, Recipient
from broker.insured.desk.ground import Ground
from broker.insured.letters import Letter
from broker.insured.outbox import enqueue
from broker.insured.registry.lookup import known_contact
from broker.insured.space.alerts import preferences

AccountRow = Row[*tuple[Any, ...]]
"""A row of the table `account`."""


def own_contact(ground: Ground, account: AccountRow) -> KnownContact:
    """The e-mail address and the mobile number of an account."""
    email, phone = account.email_sealed, account.phone_sealed
    return KnownContact(
        email and email_of(ground.sealing).open(email),
        phone and phone_of(ground.sealing).open(phone),
    )


def tell(tx: Connection, ground: Ground, account: AccountRow, letter: str) -> None:
    """One letter to the holder: to the account's own address, else to what the insurer knows."""
    own, known = own_contact(ground, account), known_contact(tx, account.person_id)
    recipient = KnownContact(own.email or known.email, own.mobile or known.mobile).recipient
    if recipient:
        tell_at(tx, ground, account, recipient, letter)


def tell_at(
    tx: Connection, ground: Ground, account: AccountRow, recipient: Recipient, letter: str
) -> None:
    """The same, there."""
    enqueue(tx, ground.sealing, recipient, dated(tx, ground, account, letter), ground.clock())


def dated(tx: Connection, ground: Ground, account: AccountRow, letter: str) -> Letter:
    """A letter that tells this moment, in the language of the account."""
    values = {
        "date": datetime.fromtimestamp(ground.clock(), UTC).isoformat(timespec="seconds"),
        "language": preferences(tx, account.id).language,
    }
    return Letter(letter, values)
