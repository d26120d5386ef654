"""The desk as its API sees it: who is at work, what waits, and what a consultation opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from broker.database import reading
from broker.errors import ConsultationUnknownError, DeskFieldError
from broker.insured.desk.acts import Acts
from broker.insured.desk.answering import list_waiting, person_of, waiting_of
from broker.insured.desk.asking import asked_shown
from broker.insured.desk.consultations import Consultation, Consultations, Look, Why
from broker.insured.desk.files import accounts_of, read_file
from broker.insured.desk.finding import Finder
from broker.insured.desk.ground import Ground
from broker.insured.desk.hours import is_open
from broker.insured.desk.postcodes import PostCodes
from broker.insured.desk.proof import verified_until
from broker.insured.desk.sessions import IDLE_SECONDS, StaffSessions
from broker.insured.desk.signing_in import SignIn
from broker.insured.desk.staff import Staff, StaffDirectory
from broker.insured.desk.words import Kind, Reason
from broker.insured.schema import STANDING_STATUSES
from broker.insured.space.place import Space

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class AdvisorDesk:
    """Everything an advisor can do; each method takes the advisor whose session it is."""

    ground: Ground
    space: Space
    directory: StaffDirectory
    door: SignIn
    sessions: StaffSessions
    consultations: Consultations
    finder: Finder
    codes: PostCodes
    acts: Acts

    @classmethod
    def made(cls, ground: Ground, space: Space, post_room: str, per_hour: int) -> "AdvisorDesk":
        """The desk of one insurer; `per_hour` consultations an advisor, at most."""
        consultations, codes = Consultations(ground, per_hour), PostCodes(ground, post_room)
        return cls(
            ground,
            space,
            StaffDirectory(ground),
            SignIn(ground),
            StaffSessions(ground),
            consultations,
            Finder(ground),
            codes,
            Acts(ground, space, consultations, codes),
        )

    def come_in(self, name: str, password: str, code: str) -> dict[str, Any]:
        """A session for whoever proves to be on the staff."""
        staff = self.door.sign_in(name, password, code)
        return {"token": self.sessions.open(staff), **self._about(staff)}

    def overview(self, staff: Staff) -> dict[str, Any]:
        """What waits: open cases and messages, by number and date, without anybody's name."""
        with reading(self.ground.engine) as connection:
            waiting = list_waiting(connection, self.space)
        return {**self._about(staff), "cases": self.finder.open_cases(), "messages": waiting}

    def search(self, staff: Staff, said: Mapping[str, str], why: Why) -> str:
        """A consultation that shows who comes nearest to a number or to what the caller says."""
        nir = said.get("nir", "")
        look = self.finder.by_nir(nir, why) if nir else self.finder.by_traits(said, why)
        return self.consultations.open(staff, look)

    def open_case(self, staff: Staff, number: str, why: Why) -> str:
        """A consultation of a refused login."""
        return self.consultations.open(staff, self.finder.by_case(number, why))

    def open_shown(self, staff: Staff, source: str, person_id: int) -> str:
        """The file of a person whom a search or a case of this advisor shows, for its reason."""
        found = self.consultations.find(staff, source, Kind.SEARCH, Kind.CASE).look
        if person_id not in {one["person"] for one in found.shown}:
            raise ConsultationUnknownError
        return self.consultations.open(
            staff, Look(Kind.FILE, found.why, person_id=person_id, case=found.case)
        )

    def open_message(self, staff: Staff, number: int, why: Why) -> str:
        """The file of whoever wrote a message that waits."""
        with reading(self.ground.engine) as connection:
            person = person_of(connection, number)
        return self.consultations.open(staff, Look(Kind.FILE, why, person_id=person))

    def read(self, staff: Staff, number: str) -> dict[str, Any]:
        """What a consultation opened, as it is now."""
        found = self.consultations.find(staff, number, *Kind)
        look = found.look
        about = {
            "kind": str(look.kind),
            "reason": str(look.why.reason),
            "note": look.why.note,
            "opened_at": found.opened_at,
        }
        if look.person_id is not None:
            return {**about, "case": look.case, **self._file(found, look.person_id)}
        asked = asked_shown(look.asked or {})
        shown = {**about, "asked": asked, "persons": self.finder.shown(look)}
        return {**shown, "case": self.finder.case(look.case)} if look.case else shown

    def _file(self, consultation: Consultation, person_id: int) -> dict[str, Any]:
        with reading(self.ground.engine) as connection:
            found = read_file(connection, self.ground, person_id)
            if found is None:
                raise ConsultationUnknownError(detail="the registry no longer has this person")
            accounts = [
                row.id
                for row in accounts_of(connection, self.ground, person_id)
                if row.status in STANDING_STATUSES
            ]
            messages = waiting_of(connection, self.ground, accounts)
            until = verified_until(connection, consultation)
        proven = until if until and until > self.ground.clock() else None
        return {**found, "messages": messages, "verified_until": proven}

    def _about(self, staff: Staff) -> dict[str, Any]:
        return {
            "name": staff.name,
            "on_call": staff.on_call,
            "open": is_open(self.ground.clock()),
            "idle_seconds": IDLE_SECONDS,
        }


def why_of(reason: str, note: str) -> Why:
    """The reason of a consultation, which `other` must put in words; DeskFieldError."""
    try:
        code = Reason(reason)
    except ValueError as fault:
        raise DeskFieldError("missing", parameter="reason") from fault
    told = " ".join(note.split())
    if len(told) > LONGEST_NOTE:
        raise DeskFieldError(f"{LONGEST_NOTE} characters at most", parameter="note")
    if code is Reason.OTHER and not told:
        raise DeskFieldError("missing", parameter="note")
    return Why(code, told or None)
