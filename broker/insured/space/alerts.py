"""
Alerts by mail, each asked for by the person (S140-S143): sign-ins, contact details, payments.

What must be told in any case is no alert but a warning: new bank details, another e-mail address,
an order of a card, a way in that went, a closed account. It goes to the mailbox and to the mobile.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from broker.database import upsert
from broker.insured.accounts.protected import email_of, phone_of
from broker.insured.contact import KnownContact, Recipient
from broker.insured.letters import Letter
from broker.insured.outbox import enqueue
from broker.insured.registry.lookup import known_contact
from broker.insured.schema import ACCOUNT
from broker.insured.space.days import moment
from broker.insured.space.place import Space
from broker.insured.space.tables import PREFERENCE

KINDS = ("login", "contact", "payment")
_P = PREFERENCE.c
_READ = select(PREFERENCE).where(_P.account_id == bindparam("account"))
_CONTACT = select(ACCOUNT.c.email_sealed, ACCOUNT.c.phone_sealed, ACCOUNT.c.person_id).where(
    ACCOUNT.c.id == bindparam("account")
)
_UPDATE = update(PREFERENCE).where(_P.account_id == bindparam("account"))
_INSERT = insert(PREFERENCE)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose; nothing is sent to whoever chose nothing."""

    login: bool = False
    contact: bool = False
    payment: bool = False
    language: str = "fr"
    reminded_at: float | None = None

    def asked(self) -> dict[str, bool]:
        """The three choices by their names."""
        return {kind: getattr(self, kind) for kind in KINDS}


def preferences(connection: Connection, account_id: int) -> Preferences:
    """The choices of an account."""
    row = connection.execute(_READ, {"account": account_id}).one_or_none()
    if row is None:
        return Preferences()
    return Preferences(
        row.alert_login, row.alert_contact, row.alert_payment, row.language, row.reminded_at
    )


def choose(tx: Connection, account_id: int, **changes: Any) -> None:
    """Change columns of the choices of an account."""
    untouched = Preferences()
    row = {
        "account_id": account_id,
        **{f"alert_{kind}": chosen for kind, chosen in untouched.asked().items()},
        "language": untouched.language,
        "reminded_at": None,
    }
    upsert(tx, PREFERENCE, row)
    tx.execute(_UPDATE.values(**changes), {"account": account_id})


def speak(tx: Connection, account_id: int, language: str) -> None:
    """The language in which this person reads now is that of the mails to come."""
    if preferences(tx, account_id).language != language:
        choose(tx, account_id, language=language)


def contact_of(tx: Connection, space: Space, account_id: int) -> KnownContact:
    """How the holder of an account is reached: its own data, else what the insurer knows."""
    row = tx.execute(_CONTACT, {"account": account_id}).one()
    email = row.email_sealed and email_of(space.sealing).open(row.email_sealed)
    mobile = row.phone_sealed and phone_of(space.sealing).open(row.phone_sealed)
    known = known_contact(tx, row.person_id)
    return KnownContact(email or known.email, mobile or known.mobile)


def tell(tx: Connection, space: Space, account_id: int, letter: str, **blanks: str) -> None:
    """Write to the holder of an account, whatever they chose; `date` is filled in."""
    recipient = contact_of(tx, space, account_id).recipient
    if recipient is not None:
        now, written = space.clock(), _letter(tx, space, account_id, letter, blanks)
        enqueue(tx, space.sealing, recipient, written, now)


def warn(tx: Connection, space: Space, account_id: int, letter: str, **blanks: str) -> None:
    """The same to the mailbox and to the mobile, for what only a thief would do unseen."""
    known = contact_of(tx, space, account_id)
    now, written = space.clock(), _letter(tx, space, account_id, letter, blanks)
    for channel, to in (("mail", known.email), ("sms", known.mobile)):
        if to:
            enqueue(tx, space.sealing, Recipient(channel, to), written, now)


def alert(tx: Connection, space: Space, account_id: int, kind: str, **blanks: str) -> None:
    """Write to the holder of an account when they asked for this kind of alert."""
    if preferences(tx, account_id).asked()[kind]:
        tell(tx, space, account_id, f"alert_{kind}", **blanks)


def _letter(
    tx: Connection, space: Space, account_id: int, name: str, blanks: dict[str, str]
) -> Letter:
    language = preferences(tx, account_id).language
    return Letter(name, {"date": moment(space.clock()), **blanks, "language": language})
