"""
Sign-in with NIR and password; the first one also with a code sent to the mailbox, which makes the
account active (S57 to S59).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from broker.audit.events import Event
from broker.database import reading
from broker.insured.accounts.references import reference_of
from broker.insured.contact import Recipient, masked_email
from broker.insured.credentials.accounts import confirm, note_sign_in
from broker.insured.credentials.door import Door, Knock, Verdict
from broker.insured.credentials.ground import Deed, Ground, Told
from broker.insured.credentials.limits import take
from broker.insured.credentials.pivot import pivot_claims
from broker.insured.credentials.proofs import Kind, Proof
from broker.insured.credentials.registered import Holder, holder
from broker.insured.registry.lookup import by_id

_DEAD: dict[str, Any] = {"result": "dead"}


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs people in, for the service whose `sector` each call names."""

    ground: Ground

    @property
    def _door(self) -> Door:
        return Door(self.ground)

    def by_password(self, nir: str, password: str, origin: str, sector: str) -> Deed:
        """
        What a NIR and a password do: sign in, or send the code of a first sign-in, or nothing.

        BackChannelLimitError and PasswordsBusyError as `Door.knock`.
        """
        return partial(self._enter, self._door.knock(nir, password, origin), sector)

    def by_code(self, challenge: str, code: str, sector: str) -> Deed:
        """What the code of a first sign-in does: three tries, ten minutes."""
        with self.ground.engine.begin() as tx:
            tried = self.ground.proofs.attempt(
                tx, Kind.SIGN_IN, challenge, code.replace(" ", ""), self.ground.clock()
            )
        if tried.right:
            return partial(self._confirm, challenge, sector)
        answer = {"result": "wrong", "left": tried.left} if tried.left else _DEAD
        return lambda _tx: Told(answer, (Event.SIGN_IN_CODE_REFUSED,), tried.account_id)

    def another_code(self, challenge: str) -> Deed:
        """A new code in place of the one of this challenge, while the password is still proven."""
        ground = self.ground
        with reading(ground.engine) as connection:
            proof = ground.proofs.find(connection, Kind.SIGN_IN, challenge)
        if proof is None or proof.account_id is None:
            return lambda _tx: Told(_DEAD)
        if ground.clock() >= proof.asked_at + ground.rules.code_again_seconds:
            return lambda _tx: Told(_DEAD)
        return partial(self._again, proof.account_id, proof.asked_at)

    def identity(self, nir: str, password: str, origin: str, sector: str) -> Deed:
        """
        The same as `by_password` for a provider of identities: whose account it is, if it is open.

        An account that was never confirmed is nobody's: `refused`, and no code is sent.
        """
        return partial(self._identify, self._door.knock(nir, password, origin), sector)

    def _enter(self, knock: Knock, sector: str, tx: Connection) -> Told:
        known = self._door.open(tx, knock) if knock.verdict is Verdict.RIGHT else None
        if known is None:
            return self._door.refuse(tx, knock)
        if known.status == "pending":
            return self._send_code(tx, known, self.ground.clock())
        return self._signed_in(tx, known, sector) if known.status == "active" else _shut(known)

    def _identify(self, knock: Knock, sector: str, tx: Connection) -> Told:
        known = self._door.open(tx, knock) if knock.verdict is Verdict.RIGHT else None
        if known is None:
            return self._door.refuse(tx, knock)
        record = by_id(tx, known.person_id)
        if known.status != "active" or record is None:
            return _shut(known)
        told = self._signed_in(tx, known, sector)
        more = {
            "identity": pivot_claims(record, known.email),
            "passwordless": False,
            "linked_only": known.origin == "federation",
        }
        return Told({**told.answer, **more}, (Event.IDENTITY_CHECKED,), known.id)

    def _confirm(self, challenge: str, sector: str, tx: Connection) -> Told:
        ground = self.ground
        account_id = ground.proofs.spend(tx, Kind.SIGN_IN, challenge, ground.clock())
        known = holder(tx, ground.sealing, account_id) if account_id is not None else None
        if known is None or known.status not in ("pending", "active"):
            return Told(_DEAD)
        confirm(tx, known.id)
        told = self._signed_in(tx, known, sector)
        return Told(told.answer, (Event.CREATION_CONFIRMED, *told.events), known.id)

    def _again(self, account_id: int, asked_at: float, tx: Connection) -> Told:
        known = holder(tx, self.ground.sealing, account_id)
        if known is None or known.status != "pending":
            return Told(_DEAD)
        return self._send_code(tx, known, asked_at)

    def _send_code(self, tx: Connection, known: Holder, asked_at: float) -> Told:
        ground, now, proofs = self.ground, self.ground.clock(), self.ground.proofs
        if known.email is None:
            return Told({"result": "refused"}, (Event.PASSWORD_REFUSED,), known.id)
        rules, who = ground.rules, str(known.id)
        limited = ((rules.code_by_account, who), (rules.code_by_account_daily, who))
        take(tx, ground.sealing, limited, now)
        challenge, code = proofs.handle(), proofs.six_digits()
        proof = Proof(known.id, asked_at, now + rules.code_seconds, known.language)
        proofs.issue(tx, Kind.SIGN_IN, challenge, proof, code)
        minutes = str(rules.code_seconds // 60)
        letter = ground.letter("sign_in_code", known.language, code=code, minutes=minutes)
        ground.send(tx, Recipient("mail", known.email), letter)
        masked = masked_email(known.email)
        answer = {"result": "code_sent", "challenge": challenge, "email_masked": masked}
        return Told(answer, (Event.SIGN_IN_CODE_SENT,), known.id)

    def _signed_in(self, tx: Connection, known: Holder, sector: str) -> Told:
        note_sign_in(tx, known.id, self.ground.clock())
        reference = reference_of(tx, known.id, sector, self.ground.random)
        answer = {"result": "signed_in", "account_id": reference}
        return Told(answer, (Event.SIGNED_IN,), known.id)


def _shut(known: Holder) -> Told:
    """A right password of an account that is not open: a lock alone is told, for it can end."""
    result = "locked" if known.status == "locked" else "refused"
    return Told({"result": result}, (Event.PASSWORD_REFUSED,), known.id)
