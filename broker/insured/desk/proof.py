"""
Proof of who calls: the questions an advisor asked, before anything of an account is touched.

Each answer is compared with the file by the advisor and kept nowhere; which questions were asked
stands in the consultation and in the journal. A proof serves one consultation for half an hour: one
call.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select

from broker.errors import CallerUnverifiedError, DeskFieldError
from broker.insured.desk.consultations import Consultation
from broker.insured.desk.tables import ACT
from broker.insured.desk.words import Act, Question

FEWEST_ANSWERS = 3
LASTS_SECONDS = 30 * 60
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


def verified_until(connection: Connection, consultation: Consultation) -> float | None:
    """Until when (Unix seconds) the proof of this consultation serves, None when there is none."""
    latest = connection.execute(_LATEST, {"wanted": consultation.id}).scalar_one()
    return None if latest is None else float(latest) + LASTS_SECONDS


def check_verified(connection: Connection, consultation: Consultation, now: float) -> None:
    """CallerUnverifiedError unless who calls was made sure of, in this consultation and call."""
    until = verified_until(connection, consultation)
    if until is None or until <= now:
        raise CallerUnverifiedError
