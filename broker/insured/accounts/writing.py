"""
Writes a plan: one transaction for one login, whatever it does.

Account, link, reference and the mail that tells of it stand or fall together. Nothing here looks
again whether it may: the constraints refuse what another login made meanwhile (IntegrityError),
and a conditional update finds that an account moved (MovedError).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, bindparam, insert, update

from broker.insured.accounts.ending import replace_account
from broker.insured.accounts.facts import InsuredArrival, Result, Settlement, Tell
from broker.insured.accounts.plan import Action, Plan
from broker.insured.accounts.protected import Sealing, email_indexes, email_of, nir_of, phone_of
from broker.insured.accounts.references import give_reference
from broker.insured.accounts.rows import AccountState, LinkState, MovedError, email_used
from broker.insured.contact import KnownContact, email_form
from broker.insured.letters import Letter
from broker.insured.matching.records import RegistryRecord
from broker.insured.outbox import enqueue
from broker.insured.periods import DAY
from broker.insured.registry.lookup import known_contact
from broker.insured.schema import ACCOUNT, LINK

USED_EVERY = DAY
"""Seconds between two notes that a link is in use: enough for a retention counted in months."""

_PARIS = ZoneInfo("Europe/Paris")
_A = ACCOUNT.c
_INSERT_ACCOUNT = insert(ACCOUNT).returning(_A.id)
_INSERT_LINK = insert(LINK)
_OWN = (_A.email_sealed, _A.phone_sealed)
_FIRST_LINK = (
    update(ACCOUNT)
    .where(_A.id == bindparam("wanted"), _A.status == "active", _A.linked_at.is_(None))
    .values(linked_at=bindparam("now"))
    .returning(*_OWN)
)
_STILL_ACTIVE = (
    update(ACCOUNT)
    .where(_A.id == bindparam("wanted"), _A.status == "active")
    .values(linked_at=_A.linked_at)  # nothing changes, but the row is held until the end
    .returning(*_OWN)
)
_RENUMBER = (
    update(ACCOUNT)
    .where(_A.id == bindparam("wanted"))
    .values(nir_sealed=bindparam("new_sealed"), nir_index=bindparam("new_index"))
)
_USED = (
    update(LINK)
    .where(LINK.c.id == bindparam("wanted"))
    .values(used_at=bindparam("now"), person=bindparam("new_person"))
)


@dataclass(frozen=True, slots=True)
class Writing:
    """The writes of one arrival. `now` Unix seconds."""

    sealing: Sealing
    random: Callable[[int], bytes]
    now: float
    arrival: InsuredArrival
    sector: str

    def follow(
        self, engine: Engine, link: LinkState, plan: Plan, explanation: dict[str, Any]
    ) -> Settlement:
        """Note that a link was used; most logins find nothing to write."""
        account = _account(plan)
        reference = account.reference
        if reference is None or self._stale(link) or account.nir != _record(plan).nir:
            with engine.begin() as tx:
                values = {"wanted": link.id, "now": self.now, "new_person": self.arrival.person}
                tx.execute(_USED, values)
                self._renumber(tx, plan)
                reference = reference or self._named(tx, account.id)
        return Settlement(
            Result.EXISTING,
            plan.verdict,
            reference,
            match=link.match,
            email_wanted=not account.has_email,
            explanation=explanation,
        )

    def _stale(self, link: LinkState) -> bool:
        return self.now - link.used_at >= USED_EVERY or link.person != self.arrival.person

    def carry_out(
        self, engine: Engine, plan: Plan, explanation: dict[str, Any], tell: Tell
    ) -> Settlement:
        """Create, link or join, in one transaction; `tell` hears of it before it is committed."""
        write = self._create if plan.action is Action.CREATE else self._link
        with engine.begin() as tx:
            settled = write(tx, plan, explanation)
            tell(settled)
        return settled

    def _create(self, tx: Connection, plan: Plan, explanation: dict[str, Any]) -> Settlement:
        record = _record(plan)
        contact = known_contact(tx, record.person_id)
        if plan.account:
            self._replace(tx, plan.account)
        email = self.arrival.identity.email
        address = email_of(self.sealing).columns(email and email_form(email))
        conflict = email_used(tx, email_indexes(self.sealing, email))
        if conflict:
            address = email_of(self.sealing).columns(None)
        values = {
            "person_id": record.person_id,
            "status": "active",
            "origin": "federation",
            "created_at": self.now,
            "linked_at": self.now,
            **nir_of(self.sealing).columns(record.nir),
            **phone_of(self.sealing).columns(contact.mobile),
            **address,
        }
        account = tx.execute(_INSERT_ACCOUNT, values).scalar_one()
        self._attach(tx, account, plan)
        self._tell(tx, contact, "account_created")
        return Settlement(
            Result.CREATED,
            plan.verdict,
            self._named(tx, account),
            match=plan.match,
            email_wanted=conflict or not email,
            email_conflict=conflict,
            explanation=explanation,
        )

    def _link(self, tx: Connection, plan: Plan, explanation: dict[str, Any]) -> Settlement:
        account = _account(plan)
        first = plan.action is Action.LINK
        held = tx.execute(_FIRST_LINK if first else _STILL_ACTIVE, self._moment(account))
        own = held.one_or_none()
        if own is None:
            raise MovedError
        self._attach(tx, account.id, plan)
        self._renumber(tx, plan)
        self._warn(tx, self._contact_of(own), known_contact(tx, account.person_id))
        return Settlement(
            Result.LINKED if first else Result.EXISTING,
            plan.verdict,
            account.reference or self._named(tx, account.id),
            match=plan.match,
            email_wanted=not account.has_email,
            has_password=account.has_password,
            explanation=explanation,
        )

    def _contact_of(self, own: Row[*tuple[Any, ...]]) -> KnownContact:
        """How the account itself is reached."""
        email = own.email_sealed and email_of(self.sealing).open(own.email_sealed)
        phone = own.phone_sealed and phone_of(self.sealing).open(own.phone_sealed)
        return KnownContact(email, phone)

    def _warn(self, tx: Connection, *contacts: KnownContact) -> None:
        """
        Tell of a link wherever the holder is known, once at each place.

        Never at the provider's address: whoever signed in there may not be the holder.
        """
        told: set[str] = set()
        for contact in contacts:
            if contact.recipient and email_form(contact.recipient.to) not in told:
                told.add(email_form(contact.recipient.to))
                self._tell(tx, contact, "account_linked")

    def _replace(self, tx: Connection, pending: AccountState) -> None:
        address = replace_account(tx, pending.id, self.now, ("pending",))
        if address is not None:
            asked_by = KnownContact(email_of(self.sealing).open(address), None)
            self._tell(tx, asked_by, "account_replaced")

    def _attach(self, tx: Connection, account_id: int, plan: Plan) -> None:
        row = {
            "account_id": account_id,
            "issuer": self.arrival.issuer,
            "subject": self.arrival.subject,
            "person": self.arrival.person,
            "provider": self.arrival.provider,
            "match": plan.match,
            "linked_at": self.now,
            "used_at": self.now,
        }
        tx.execute(_INSERT_LINK, row)

    def _named(self, tx: Connection, account_id: int) -> str:
        return give_reference(tx, account_id, self.sector, self.random)

    def _renumber(self, tx: Connection, plan: Plan) -> None:
        """Follow a person whose number was corrected: the account keeps the present one."""
        account, record = _account(plan), _record(plan)
        if account.nir != record.nir:
            columns = nir_of(self.sealing).columns(record.nir)
            keys = {"new_sealed": columns["nir_sealed"], "new_index": columns["nir_index"]}
            tx.execute(_RENUMBER, {"wanted": account.id, **keys})

    def _tell(self, tx: Connection, contact: KnownContact, letter: str) -> None:
        recipient = contact.recipient
        if recipient:
            moment = datetime.fromtimestamp(self.now, _PARIS).isoformat(timespec="seconds")
            values = {
                "date": moment,
                "provider": self.arrival.provider_label,
                "language": self.arrival.language,
            }
            enqueue(tx, self.sealing, recipient, Letter(letter, values), self.now)

    def _moment(self, account: AccountState) -> dict[str, float]:
        return {"wanted": account.id, "now": self.now}


def _account(plan: Plan) -> AccountState:
    if plan.account is None:
        raise ValueError("this plan concerns no account")
    return plan.account


def _record(plan: Plan) -> RegistryRecord:
    if plan.record is None:
        raise ValueError("this plan concerns no insured person")
    return plan.record
