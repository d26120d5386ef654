"""What an advisor does within a consultation: each act once, written down, told to the person."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from broker.errors import ConsultationUnknownError, DeskConflictError
from broker.insured.desk.answering import answer_message
from broker.insured.desk.consultations import Consultation, Consultations
from broker.insured.desk.contact_data import change_email, change_mobile, email_typed, mobile_typed
from broker.insured.desk.ground import Ground
from broker.insured.desk.postcodes import PostCodes
from broker.insured.desk.proof import check_verified, compare, questions_of
from broker.insured.desk.staff import Staff
from broker.insured.desk.standing import held_account, replace, unlock
from broker.insured.desk.words import Act, Kind
from broker.insured.schema import CASE
from broker.insured.space.place import Space
from broker.insured.space.tables import MESSAGE

_CLOSE = (
    update(CASE)
    .where(CASE.c.number == bindparam("wanted"), CASE.c.closed_at.is_(None))
    .values(closed_at=bindparam("now"))
)
_THEIRS = select(MESSAGE.c.id).where(
    MESSAGE.c.id == bindparam("wanted"), MESSAGE.c.person_id == bindparam("person")
)


@dataclass(frozen=True, slots=True)
class Acts:
    """
    The acts; `key` makes a form that is sent twice one act.

    Each belongs to an open consultation of the advisor, and concerns its person or its case. What
    touches an account raises CallerUnverifiedError unless the caller was verified before.
    """

    ground: Ground
    space: Space
    consultations: Consultations
    codes: PostCodes

    def verify_caller(
        self,
        staff: Staff,
        number: str,
        key: str,
        questions: Sequence[str],
        said: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """
        Write down which questions the caller answered as the file does; DeskFieldError.

        `said` are the answers that are typed, by their question: those that no page shows whole.
        """
        consultation, person = self._file(staff, number)
        asked = questions_of(questions)
        compare(self.ground, person, asked, said)
        with self.consultations.acting(consultation, Act.CALLER_VERIFIED, key, asked):
            pass

    def change_email(self, staff: Staff, number: str, key: str, text: str) -> None:
        """Give the account another e-mail address; the old one is told too."""
        consultation, person = self._file(staff, number)
        address = email_typed(text)
        with self._proven(consultation, Act.EMAIL_CHANGED, key) as tx:
            if tx:
                change_email(tx, self.ground, held_account(tx, self.ground, person), address)

    def change_mobile(self, staff: Staff, number: str, key: str, text: str) -> None:
        """Give the account another mobile number; the old one is told too."""
        consultation, person = self._file(staff, number)
        mobile = mobile_typed(text)
        with self._proven(consultation, Act.MOBILE_CHANGED, key) as tx:
            if tx:
                change_mobile(tx, self.ground, held_account(tx, self.ground, person), mobile)

    def unlock(self, staff: Staff, number: str, key: str) -> None:
        """Let the holder try their password again."""
        consultation, person = self._file(staff, number)
        with self._proven(consultation, Act.UNLOCKED, key) as tx:
            if tx:
                unlock(tx, self.ground, held_account(tx, self.ground, person))

    def post_code(self, staff: Staff, number: str, key: str) -> None:
        """Send a new code by post."""
        consultation, person = self._file(staff, number)
        with self._proven(consultation, Act.CODE_POSTED, key) as tx:
            if tx:
                self.codes.post(tx, held_account(tx, self.ground, person))

    def replace(self, staff: Staff, number: str, key: str, email: str) -> None:
        """End the account and open a new one, reached by a code that leaves by post at once."""
        consultation, person = self._file(staff, number)
        address = email_typed(email) if email else None
        with self._proven(consultation, Act.REPLACED, key) as tx:
            if tx:
                fresh = replace(tx, self.ground, held_account(tx, self.ground, person), address)
                self.codes.post(tx, fresh)

    def answer(self, staff: Staff, number: str, key: str, reply: dict[str, Any]) -> None:
        """Answer a `message` of the person, by its number, with a `text`."""
        consultation, person = self._file(staff, number)
        with self.consultations.acting(consultation, Act.MESSAGE_ANSWERED, key) as tx:
            if tx:
                _check_author(tx, reply["message"], person)
                answer_message(tx, self.space, reply["message"], reply["text"], staff.name)

    def close_case(self, staff: Staff, number: str, key: str) -> None:
        """The case of this consultation is settled."""
        consultation = self.consultations.find(staff, number, Kind.CASE, Kind.FILE)
        case = consultation.look.case
        if case is None:
            raise ConsultationUnknownError
        with self.consultations.acting(consultation, Act.CASE_CLOSED, key) as tx:
            if tx:
                closed = tx.execute(_CLOSE, {"wanted": case, "now": self.ground.clock()})
                if not closed.rowcount:
                    raise DeskConflictError(detail="this case was closed already")

    @contextmanager
    def _proven(
        self, consultation: Consultation, act: Act, key: str
    ) -> Iterator[Connection | None]:
        with self.consultations.acting(consultation, act, key) as tx:
            if tx:
                check_verified(tx, consultation, self.ground.clock())
            yield tx

    def _file(self, staff: Staff, number: str) -> tuple[Consultation, int]:
        consultation = self.consultations.find(staff, number, Kind.FILE)
        person = consultation.look.person_id
        if person is None:
            raise ConsultationUnknownError
        return consultation, person


def _check_author(tx: Connection, number: int, person_id: int) -> None:
    keys = {"wanted": number, "person": person_id}
    if tx.execute(_THEIRS, keys).one_or_none() is None:
        raise ConsultationUnknownError
