"""
Proofs: links and codes that show who holds a mailbox or a telephone.

What the browser holds (the handle) is random and stored hashed with its kind, so one kind never
serves as another; the code that was sent is stored as a keyed fingerprint of both. A proof is
spent by one conditional statement, whichever node is faster.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from broker.insured.accounts.protected import Sealing
from broker.insured.schema import PROOF
from broker.sealing import b64, digest

MOST_TRIES = 3

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of provisional codes: no 0 or O, no 1 or I (S114); 32 letters, so a byte falls on each alike."""

_HANDLE_BYTES = 32
_LETTERS, _DIGITS = 8, 6
_P = PROOF.c
_THIS = (_P.handle == bindparam("wanted"), _P.kind == bindparam("of_kind"))
_ALIVE = _P.expires_at > bindparam("now")
_INSERT = insert(PROOF)
_FIND = select(_P.account_id, _P.asked_at, _P.expires_at, _P.language).where(*_THIS)
_FORGET = delete(PROOF).where(_P.account_id == bindparam("holder"), _P.kind == bindparam("of_kind"))
_FORGET_ALL = delete(PROOF).where(_P.account_id == bindparam("holder"))
_SPEND = delete(PROOF).where(*_THIS, _ALIVE).returning(_P.account_id)
_TRY = (
    update(PROOF)
    .where(*_THIS, _ALIVE, _P.tries < MOST_TRIES)
    .values(tries=_P.tries + 1)
    .returning(_P.account_id, _P.code, _P.tries)
)

_TAKE_BACK = update(PROOF).where(*_THIS, _P.tries > 0).values(tries=_P.tries - 1)


class Kind(StrEnum):
    """What a proof is for."""

    ACTIVATION = "activation"
    SIGN_IN = "sign_in"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was asked for at `asked_at`, in a language; no account when nobody is behind it."""

    account_id: int | None
    asked_at: float
    expires_at: float
    language: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What a code was: right, or wrong with so many tries left; `left` 0 means dead."""

    right: bool
    left: int
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Proofs:
    """The proofs of one database; `random` gives unguessable bytes."""

    sealing: Sealing
    random: Callable[[int], bytes]

    def handle(self) -> str:
        """What a browser will hold: 43 characters."""
        return b64(self.random(_HANDLE_BYTES))

    def six_digits(self) -> str:
        """A code of security."""
        return f"{int.from_bytes(self.random(8), 'big') % 10**_DIGITS:0{_DIGITS}d}"

    def eight_letters(self) -> str:
        """A provisional code."""
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in self.random(_LETTERS))

    def issue(
        self, tx: Connection, kind: Kind, handle: str, proof: Proof, code: str | None = None
    ) -> None:
        """Store a proof; the one of this kind that its account had before is dead."""
        if proof.account_id is not None:
            tx.execute(_FORGET, {"holder": proof.account_id, "of_kind": kind})
        row = {
            "handle": digest(kind, handle),
            "kind": kind.value,
            "account_id": proof.account_id,
            "code": code and self._print(kind, handle, code),
            "language": proof.language,
            "tries": 0,
            "asked_at": proof.asked_at,
            "expires_at": proof.expires_at,
        }
        tx.execute(_INSERT, row)

    @staticmethod
    def find(connection: Connection, kind: Kind, handle: str) -> Proof | None:
        """The proof of this handle, alive or not; None when it was spent or replaced."""
        row = connection.execute(_FIND, _keys(kind, handle)).one_or_none()
        if row is None:
            return None
        return Proof(row.account_id, row.asked_at, row.expires_at, row.language)

    @staticmethod
    def spend(tx: Connection, kind: Kind, handle: str, now: float) -> int | None:
        """The account of a living proof, which dies with it; None when there is none."""
        row = tx.execute(_SPEND, {**_keys(kind, handle), "now": now}).one_or_none()
        return None if row is None else row.account_id

    def attempt(self, tx: Connection, kind: Kind, handle: str, code: str, now: float) -> Tried:
        """Try a code: counted before it is compared. A right one leaves the proof to be spent."""
        row = tx.execute(_TRY, {**_keys(kind, handle), "now": now}).one_or_none()
        if row is None:
            return Tried(right=False, left=0)
        right = row.code is not None and row.code == self._print(kind, handle, code)
        return Tried(right, MOST_TRIES - row.tries, row.account_id)

    @staticmethod
    def take_back(tx: Connection, kind: Kind, handle: str) -> None:
        """Do not count the try just made: its code was right, and something else was not."""
        tx.execute(_TAKE_BACK, _keys(kind, handle))

    def _print(self, kind: Kind, handle: str, code: str) -> str:
        return self.sealing.mac(f"{handle}\0{code}", f"code:{kind}")


def forget(tx: Connection, account_id: int) -> None:
    """Kill whatever waits for an account."""
    tx.execute(_FORGET_ALL, {"holder": account_id})


def _keys(kind: Kind, handle: str) -> dict[str, str]:
    return {"wanted": digest(kind, handle), "of_kind": kind.value}
