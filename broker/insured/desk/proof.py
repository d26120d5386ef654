"""
Proof of who calls: the questions an advisor asked, before anything of an account is touched.

What the page shows is compared with the file by the advisor; what it masks is typed and compared
here. Answers are kept nowhere; which questions were asked stands in the consultation and in the
journal. A proof serves one consultation for half an hour: one call.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, func, select

from broker.database import reading
from broker.errors import BackChannelLimitError, CallerUnverifiedError, DeskFieldError
from broker.insured.contact import email_form
from broker.insured.credentials.limits import take
from broker.insured.credentials.rules import Limit
from broker.insured.desk.consultations import Consultation
from broker.insured.desk.contact_data import email_typed, mobile_typed
from broker.insured.desk.ground import Ground
from broker.insured.desk.standing import account_of
from broker.insured.desk.tables import ACT
from broker.insured.desk.telling import own_contact
from broker.insured.desk.words import Act, Question
from broker.insured.matching.nir import NirError, validated
from broker.insured.periods import HOUR
from broker.insured.registry.lookup import by_id, known_contact

FEWEST_ANSWERS = 3
LASTS_SECONDS = 30 * 60
COMPARED = Limit("desk:proof", 10, HOUR)
"""How often answers are compared with one file: a number is not found out by trying."""

_LATEST = select(func.max(ACT.c.at)).where(
    ACT.c.consultation_id == bindparam("wanted"),
    ACT.c.act.startswith(Act.CALLER_VERIFIED, autoescape=True),
)


def questions_of(codes: Sequence[str]) -> tuple[Question, ...]:
    """The questions of these codes, each once; DeskFieldError when they are too few to be sure."""
    try:
        asked = {Question(code) for code in codes}
    except ValueError as fault:
        raise DeskFieldError("unknown", parameter="questions") from fault
    if len(asked) < FEWEST_ANSWERS:
        raise DeskFieldError("too_few", parameter="questions")
    return tuple(one for one in Question if one in asked)


def compare(
    ground: Ground, person_id: int, asked: Sequence[Question], said: Mapping[str, str]
) -> None:
    """DeskFieldError when a typed answer is missing or is not what the file holds."""
    typed = [question for question in asked if question in _FITS]
    if not typed:
        return
    try:
        with ground.engine.begin() as tx:
            take(tx, ground.sealing, ((COMPARED, str(person_id)),), ground.clock())
    except BackChannelLimitError as fault:
        raise DeskFieldError("too_many", parameter=typed[0]) from fault
    with reading(ground.engine) as connection:
        for question in typed:
            answer = said.get(question, "").strip()
            if not answer:
                raise DeskFieldError("missing", parameter=question)
            if not _FITS[question](connection, ground, person_id, answer):
                raise DeskFieldError("different", parameter=question)


def verified_until(connection: Connection, consultation: Consultation) -> float | None:
    """Until when (Unix seconds) the proof of this consultation serves, None when there is none."""
    latest = connection.execute(_LATEST, {"wanted": consultation.id}).scalar_one()
    return None if latest is None else float(latest) + LASTS_SECONDS


def check_verified(connection: Connection, consultation: Consultation, now: float) -> None:
    """CallerUnverifiedError unless who calls was made sure of, in this consultation and call."""
    until = verified_until(connection, consultation)
    if until is None or until <= now:
        raise CallerUnverifiedError


def _number_fits(connection: Connection, _ground: Ground, person_id: int, answer: str) -> bool:
    try:
        number = validated(answer)
    except NirError as fault:
        raise DeskFieldError(str(fault.fault), parameter=Question.NIR) from fault
    record = by_id(connection, person_id)
    return record is not None and record.nir == number


def _contact_fits(connection: Connection, ground: Ground, person_id: int, answer: str) -> bool:
    known = [known_contact(connection, person_id)]
    account = account_of(connection, ground, person_id)
    if account is not None:
        known.append(own_contact(ground, account))
    try:
        if "@" in answer:
            return email_typed(answer) in {email_form(one.email) for one in known if one.email}
        return mobile_typed(answer) in {one.mobile for one in known}
    except DeskFieldError:
        return False


_FITS: Mapping[Question, Callable[[Connection, Ground, int, str], bool]] = {
    Question.NIR: _number_fits,
    Question.CONTACT: _contact_fits,
}
"""How a typed answer is compared, by its question."""
