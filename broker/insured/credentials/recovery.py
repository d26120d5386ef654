"""
Recovery: NIR and birth date, a provisional code by mail or text message, a new password.

Whoever asks reads the same answer after the same work, whether or not there is such a person, such
an account or such a telephone. The code ends a lock, and gives a password to an account that was
opened through a provider and has none (X13).
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from sqlalchemy import Connection

from broker.audit.events import Event
from broker.insured.contact import Recipient
from broker.insured.credentials.accounts import reopen, set_password
from broker.insured.credentials.form import FormFaultError, read_birthdate, read_nir
from broker.insured.credentials.ground import Deed, Ground, Told, refused
from broker.insured.credentials.limits import take
from broker.insured.credentials.lockout import forgive, lockout_key
from broker.insured.credentials.passwords import faults
from broker.insured.credentials.proofs import Kind, Proof
from broker.insured.credentials.registered import Holder, holder, holder_of
from broker.insured.matching.traits import Likeness, birthdates
from broker.insured.periods import HOUR
from broker.insured.registry.lookup import by_id, known_contact
from providers.identity import PartialDate

Channel = Literal["email", "sms"]
_OPEN = ("active", "locked")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who asks for a code, by which way, in which language."""

    nir: str
    born: PartialDate
    channel: Channel
    language: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """Gives a new password to whoever receives the messages of an account."""

    ground: Ground

    def ask(self, fields: dict[str, str], channel: Channel, origin: str) -> Deed:
        """
        What a request for a code does; its `fields` are nir, birthdate and language.

        BackChannelLimitError when there were too many, for this NIR or from this address.
        """
        ground = self.ground
        try:
            nir, born = read_nir(fields["nir"]), read_birthdate(fields["birthdate"], ground.today())
        except FormFaultError as fault:
            answer = refused(fault.reason)
            return lambda _tx: Told(answer)
        rules = ground.rules
        limited = (
            (rules.recovery_by_origin, origin),
            (rules.recovery_by_nir, nir),
            (rules.recovery_by_nir_daily, nir),
        )
        with ground.engine.begin() as tx:
            take(tx, ground.sealing, limited, ground.clock())
        return partial(self._send, Wanted(nir, born, channel, fields["language"]))

    def redeem(self, handle: str, code: str, password: str) -> Deed:
        """
        What a provisional code and a new password do.

        A password that breaks a rule leaves a right code as it was. PasswordsBusyError when too
        many are being hashed; the code then still serves.
        """
        ground = self.ground
        typed = "".join(letter for letter in code.upper() if letter.isalnum())
        with ground.hashing.turn() as hashing:
            with ground.engine.begin() as tx:
                tried = ground.proofs.attempt(tx, Kind.RECOVERY, handle, typed, ground.clock())
                known = self._behind(tx, tried.account_id) if tried.right else None
                broken = faults(password, (known.nir, known.email or "")) if known else []
                if broken:
                    ground.proofs.take_back(tx, Kind.RECOVERY, handle)
            if known is None:
                told = Told({"result": "wrong"}, (Event.RECOVERY_REFUSED,), tried.account_id)
                return lambda _tx: told
            if broken:
                return lambda _tx: Told({"result": "password", "faults": broken})
            hashed = hashing.hash(password)
        return partial(self._renew, handle, hashed)

    def _send(self, wanted: Wanted, tx: Connection) -> Told:
        ground, now, proofs = self.ground, self.ground.clock(), self.ground.proofs
        known = self._meant(tx, wanted)
        recipient = self._recipient(tx, known, wanted.channel) if known else None
        handle, code = proofs.handle(), proofs.eight_letters()
        account_id = known.id if known and recipient else None
        seconds = ground.rules.recovery_seconds
        proof = Proof(account_id, now, now + seconds, wanted.language)
        proofs.issue(tx, Kind.RECOVERY, handle, proof, code)
        if recipient:
            hours = str(seconds // HOUR)
            letter = ground.letter("recovery_code", wanted.language, code=code, hours=hours)
            ground.send(tx, recipient, letter)
        answer = {"result": "asked", "recovery": handle}
        return Told(answer, (Event.RECOVERY_ASKED,), account_id)

    def _meant(self, tx: Connection, wanted: Wanted) -> Holder | None:
        """The account that may be recovered by whoever knows this NIR and this birth date."""
        known = holder_of(tx, self.ground.sealing, wanted.nir)
        record = by_id(tx, known.person_id) if known else None
        if known is None or record is None or record.deceased or known.status not in _OPEN:
            return None
        return known if birthdates(wanted.born, record) is not Likeness.DIFFERENT else None

    @staticmethod
    def _recipient(tx: Connection, known: Holder, channel: Channel) -> Recipient | None:
        """Where the account is written to by this way; the insurer's own data where it has none."""
        registered = known_contact(tx, known.person_id)
        if channel == "sms":
            mobile = known.mobile or registered.mobile
            return Recipient("sms", mobile) if mobile else None
        email = known.email or registered.email
        return Recipient("mail", email) if email else None

    def _behind(self, connection: Connection, account_id: int | None) -> Holder | None:
        if account_id is None:
            return None
        known = holder(connection, self.ground.sealing, account_id)
        return known if known and known.status in _OPEN else None

    def _renew(self, handle: str, hashed: str, tx: Connection) -> Told:
        ground, now = self.ground, self.ground.clock()
        proof = ground.proofs.find(tx, Kind.RECOVERY, handle)
        account_id = ground.proofs.spend(tx, Kind.RECOVERY, handle, now)
        known = self._behind(tx, account_id)
        if known is None or proof is None:
            return Told({"result": "wrong"}, (Event.RECOVERY_REFUSED,), account_id)
        set_password(tx, known.id, hashed, proof.language, now)
        reopen(tx, known.id)
        forgive(tx, lockout_key(ground.sealing, known.nir))
        if known.email:
            letter = ground.letter("password_changed", proof.language)
            ground.send(tx, Recipient("mail", known.email), letter)
        return Told({"result": "done"}, (Event.PASSWORD_SET, Event.RECOVERED), known.id)
