"""
Consultations: no file is seen and nothing is done outside one, and each has its reason.

A consultation belongs to the advisor who made it. It is kept with the facts, and told to the
journal by its number and the code of its reason; the note, in the advisor's words, is sealed.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Connection, Row, bindparam, func, insert, select

from broker.audit.events import Event
from broker.database import reading, upsert
from broker.errors import ConsultationUnknownError, TooManyConsultationsError
from broker.insured.accounts.protected import Sealing
from broker.insured.desk.ground import Ground
from broker.insured.desk.staff import Staff
from broker.insured.desk.tables import ACT, CONSULTATION, STAFF
from broker.insured.desk.words import Act, Kind, Question, Reason
from broker.sealing import b64

HOUR = 3600.0
LONGEST_SECONDS = 12 * HOUR
HISTORY = 50
_ID_BYTES = 18
_ID = re.compile(r"[A-Za-z0-9_-]{24}")
NOTE, ASKED = "consultation:note", "consultation:asked"
_C = CONSULTATION.c
_INSERT = insert(CONSULTATION)
_STAFF_ROW = select(STAFF.c.id).where(STAFF.c.id == bindparam("wanted")).with_for_update()
_RECENT = select(func.count()).where(
    _C.staff_id == bindparam("staff"), _C.opened_at > bindparam("since")
)
_FIND = select(CONSULTATION).where(
    _C.id == bindparam("wanted"),
    _C.staff_id == bindparam("staff"),
    _C.opened_at > bindparam("since"),
)
_HISTORY = (
    select(_C.id, _C.opened_at, _C.reason, _C.note_sealed, STAFF.c.name)
    .join(STAFF, STAFF.c.id == _C.staff_id)
    .where(_C.person_id == bindparam("person"))
    .order_by(_C.opened_at.desc())
    .limit(HISTORY)
)
_ACTS = (
    select(ACT.c.consultation_id, ACT.c.act)
    .where(ACT.c.consultation_id.in_(bindparam("wanted", expanding=True)))
    .order_by(ACT.c.id)
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Why:
    """Why an advisor looks: a reason of the list, and a note in words where it helps."""

    reason: Reason
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Look:
    """
    What a consultation opens. `person_id` for a file, `case` for a case; `shown` are the persons a
    search or a case shows, as JSON objects with a key `person`; `asked` what was searched.
    """

    kind: Kind
    why: Why
    person_id: int | None = None
    case: str | None = None
    shown: Sequence[Mapping[str, Any]] = ()
    asked: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Consultation:
    """A look that was opened, by whom and when (Unix seconds)."""

    id: str
    staff_id: int
    look: Look
    opened_at: float


class Consultations:
    """Opens consultations, finds them again, and writes down what is done in them."""

    def __init__(self, ground: Ground, per_hour: int) -> None:
        self._ground = ground
        self._per_hour = per_hour

    def open(self, staff: Staff, look: Look) -> str:
        """The id of a new consultation; TooManyConsultationsError beyond the hourly limit."""
        ground, now = self._ground, self._ground.clock()
        number = b64(ground.random(_ID_BYTES))
        with ground.engine.begin() as tx:
            tx.execute(_STAFF_ROW, {"wanted": staff.id})  # one at a time for each advisor
            recent = tx.execute(_RECENT, {"staff": staff.id, "since": now - HOUR}).scalar_one()
            allowed = recent < self._per_hour
            if allowed:
                tx.execute(_INSERT, self._row(number, staff, look, now))
                ground.trail(
                    Event.DESK_CONSULTED,
                    staff=staff.id,
                    consultation=number,
                    kind=look.kind,
                    reason=look.why.reason,
                    record=look.person_id,
                    case=look.case,
                )
        if not allowed:
            _log.warning("desk limit reached", staff=staff.id, consultations=recent)
            ground.trail(Event.DESK_LIMIT_REACHED, staff=staff.id, consultations=recent)
            raise TooManyConsultationsError
        return number

    def find(self, staff: Staff, number: str, *kinds: Kind) -> Consultation:
        """A consultation of this advisor, of one of these kinds; ConsultationUnknownError."""
        if not _ID.fullmatch(number):
            raise ConsultationUnknownError
        since = self._ground.clock() - LONGEST_SECONDS
        keys = {"wanted": number, "staff": staff.id, "since": since}
        with reading(self._ground.engine) as connection:
            row = connection.execute(_FIND, keys).one_or_none()
        if row is None or Kind(row.kind) not in kinds:
            raise ConsultationUnknownError
        return _consultation(row, self._ground.sealing)

    @contextmanager
    def acting(
        self, consultation: Consultation, act: Act, key: str, asked: Sequence[Question] = ()
    ) -> Iterator[Connection | None]:
        """
        The transaction of one act; None when a form sent twice did it already.

        `asked` are the questions of a proof. The journal is told at the end, before the act is
        committed.
        """
        questions = ",".join(asked)
        row = {
            "consultation_id": consultation.id,
            "act": f"{act}:{questions}" if questions else act,
            "request_key": key,
            "at": self._ground.clock(),
        }
        with self._ground.engine.begin() as tx:
            if not upsert(tx, ACT, row):
                yield None
                return
            yield tx
            self._ground.trail(
                Event.DESK_ACTED,
                staff=consultation.staff_id,
                consultation=consultation.id,
                act=act,
                questions=questions or None,
                record=consultation.look.person_id,
                case=consultation.look.case,
            )

    def _row(self, number: str, staff: Staff, look: Look, now: float) -> dict[str, Any]:
        seal = self._ground.sealing.seal
        note, asked = look.why.note, look.asked
        return {
            "id": number,
            "staff_id": staff.id,
            "kind": look.kind,
            "reason": look.why.reason,
            "note_sealed": seal(note.encode(), NOTE) if note else None,
            "person_id": look.person_id,
            "case_number": look.case,
            "asked_sealed": seal(json.dumps(dict(asked)).encode(), ASKED) if asked else None,
            "shown": json.dumps(list(map(dict, look.shown))) if look.shown else None,
            "opened_at": now,
        }


def history(connection: Connection, sealing: Sealing, person_id: int) -> list[dict[str, Any]]:
    """
    The latest consultations of this file: when, by whom, why, what was done.

    `caller_verified` is followed by its questions: `caller_verified:birthdate,nir`.
    """
    rows = connection.execute(_HISTORY, {"person": person_id}).all()
    done: dict[str, list[str]] = {row.id: [] for row in rows}
    for act in connection.execute(_ACTS, {"wanted": list(done)}):
        done[act.consultation_id].append(act.act)
    return [
        {
            "at": row.opened_at,
            "staff": row.name,
            "reason": row.reason,
            "note": _note(row.note_sealed, sealing),
            "acts": done[row.id],
        }
        for row in rows
    ]


def _consultation(row: Row[*tuple[Any, ...]], sealing: Sealing) -> Consultation:
    note = _note(row.note_sealed, sealing)
    asked = row.asked_sealed and json.loads(sealing.open(row.asked_sealed, ASKED))
    look = Look(
        Kind(row.kind),
        Why(Reason(row.reason), note),
        row.person_id,
        row.case_number,
        json.loads(row.shown or "[]"),
        asked,
    )
    return Consultation(row.id, row.staff_id, look, row.opened_at)


def _note(sealed: bytes | None, sealing: Sealing) -> str | None:
    return None if sealed is None else sealing.open(sealed, NOTE).decode()
