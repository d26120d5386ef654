"""
Creation by six fields: identity first, then what forbids an account, then the IBAN, then the
e-mail; a link to the mailbox at the end.

An account that is confirmed is never touched by the form (X2): its NIR gets the answer of a
mismatch, and its holder a letter. One that was begun and never confirmed gets a new link, or gives
way to another address.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from broker.audit.events import Event
from broker.database import exclusive
from broker.insured.accounts.protected import email_of, nir_of
from broker.insured.accounts.rows import email_used
from broker.insured.contact import Recipient
from broker.insured.credentials.accounts import open_pending, replace_standing
from broker.insured.credentials.already import in_force, tell_holder
from broker.insured.credentials.form import (
    Asked,
    FormFaultError,
    read_form,
    same_person,
    why_no_account,
    why_no_iban,
)
from broker.insured.credentials.ground import Deed, Ground, Told, refused
from broker.insured.credentials.limits import take
from broker.insured.credentials.proofs import Kind, Proof
from broker.insured.credentials.registered import Holder, OnFile, holders, on_file
from broker.insured.periods import HOUR
from broker.sealing import unb64

LINK_PATH = "/activation/"
"""Where the portal receives the activation link, before its token."""

_LOCK_BYTES = 8


@dataclass(frozen=True, slots=True)
class Creation:
    """Opens accounts that wait for the link sent to their mailbox."""

    ground: Ground

    def ask(self, fields: dict[str, str], origin: str) -> Deed:
        """
        What a form does; its `fields` are birth_name, nir, birthdate, postal_code, iban, email and
        language. BackChannelLimitError when it came too often.
        """
        ground = self.ground
        try:
            asked = read_form(fields, ground.printer, ground.today())
        except FormFaultError as fault:
            answer = refused(fault.reason)
            return lambda _tx: Told(answer, (Event.CREATION_REFUSED,))
        rules = ground.rules
        limited = ((rules.creation_by_origin, origin), (rules.creation_by_nir, asked.nir))
        with ground.engine.begin() as tx:
            take(tx, ground.sealing, limited, ground.clock())
        return partial(self._decide, asked)

    def _decide(self, asked: Asked, tx: Connection) -> Told:
        exclusive(tx, self._turn(asked.nir))
        file = on_file(tx, asked.nir)
        standing = holders(tx, self.ground.sealing, asked.nir)
        if file is None or not same_person(asked, file):
            return self._mismatch(tx, asked, None)
        if not _may_give_way(standing):
            return self._mismatch(tx, asked, in_force(standing, file))
        today, days = self.ground.today(), self.ground.rules.iban_working_days
        no = why_no_account(asked, file, today) or why_no_iban(asked, file, today, days)
        if no:
            return _no(no)
        indexes = email_of(self.ground.sealing).indexes(asked.email)
        own = next((one for one in standing if one.email_index in indexes), None)
        if own is None and email_used(tx, indexes):
            return _no(refused("email_used"))
        return self._write(tx, asked, file, standing)

    def _mismatch(self, tx: Connection, asked: Asked, known: Holder | None) -> Told:
        tell_holder(self.ground, tx, asked.nir, known)
        answer = refused("not_matching")
        return Told(answer, (Event.CREATION_REFUSED,), known.id if known else None)

    def _turn(self, nir: str) -> int:
        """Forms for one person pass one after the other; the constraints decide all the same."""
        index = nir_of(self.ground.sealing).index(nir)
        return int.from_bytes(unb64(index)[:_LOCK_BYTES], "big", signed=True)

    def _write(self, tx: Connection, asked: Asked, file: OnFile, standing: list[Holder]) -> Told:
        ground, now = self.ground, self.ground.clock()
        indexes = email_of(ground.sealing).indexes(asked.email)
        account = None
        for begun in standing:
            if begun.email_index in indexes and begun.person_id == file.record.person_id:
                account = begun.id
            else:
                letter = ground.letter("creation_replaced", begun.language)
                replace_standing(tx, ground.sealing, begun.id, letter, now)
        if account is None:
            account = open_pending(tx, ground.sealing, asked, file, now)
        self._send_link(tx, account, asked)
        answer = {"result": "mail_sent", "email": asked.email_as_given}
        return Told(answer, (Event.CREATION_ASKED,), account)

    def _send_link(self, tx: Connection, account: int, asked: Asked) -> None:
        ground, now, proofs = self.ground, self.ground.clock(), self.ground.proofs
        handle, seconds = proofs.handle(), ground.rules.link_seconds
        proof = Proof(account, now, now + seconds, asked.language)
        proofs.issue(tx, Kind.ACTIVATION, handle, proof)
        link, hours = f"{ground.rules.portal_url}{LINK_PATH}{handle}", str(seconds // HOUR)
        letter = ground.letter("activation_link", asked.language, link=link, hours=hours)
        ground.send(tx, Recipient("mail", asked.email), letter)


def _may_give_way(standing: list[Holder]) -> bool:
    return all(one.status == "pending" for one in standing)


def _no(answer: dict[str, Any]) -> Told:
    return Told(answer, (Event.CREATION_REFUSED,))
