"""
The letter to whoever has an account already, when a form was filled in with their identity (X2).

The form answers as to any mismatch, and only the holder learns more, by the address of the account.
So that time tells nothing either (X10), every mismatch sends the same statements: a limit is
counted, a contact is read, a letter is sealed; only that of an account in force stays.
"""

from sqlalchemy import Connection

from broker.insured.contact import KnownContact, Recipient
from broker.insured.credentials.ground import Ground
from broker.insured.credentials.limits import once
from broker.insured.credentials.registered import Holder, OnFile
from broker.insured.outbox import offer
from broker.insured.registry.lookup import known_contact

_NOBODY = 0
"""No person has this number."""


def in_force(standing: list[Holder], file: OnFile) -> Holder | None:
    """The confirmed account of the person of this file, or None; nobody writes to the dead."""
    if file.record.deceased:
        return None
    own = (one for one in standing if one.person_id == file.record.person_id)
    return next((one for one in own if one.status != "pending" and not one.stranger), None)


def tell_holder(ground: Ground, tx: Connection, nir: str, known: Holder | None) -> None:
    """Write to the holder once a day at most; without one, work as long for nobody."""
    registered = known_contact(tx, known.person_id if known else _NOBODY)
    counted = f"account {known.id}" if known else f"nobody {nir}"
    limited = ground.rules.creation_told, counted
    now = ground.clock()
    due = once(tx, ground.sealing, limited, now)
    recipient = _recipient(known, registered) if known and due else None
    letter = ground.letter("account_exists", known.language if known else "fr")
    offer(tx, ground.sealing, recipient, letter, now)


def _recipient(known: Holder, registered: KnownContact) -> Recipient | None:
    return Recipient("mail", known.email) if known.email else registered.recipient
