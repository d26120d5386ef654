"""
The desk of the advisors over the back channel: /api/insured/v1/desk/...

Two proofs for each call: the portal's own token, as everywhere in the back channel, and in the
header `Staff-Session` the session of an advisor who signed in with a password and a code. Neither
opens anything alone. `Idempotency-Key` makes a form that is sent twice one act.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from broker.enrolment.classic_desk import ClassicDesk
from broker.enrolment.desk_bodies import (
    AnswerBody,
    CaseBody,
    ProofBody,
    RedemptionBody,
    SearchBody,
    ShownBody,
    SignInBody,
    TextBody,
    WhyBody,
)
from broker.enrolment.refusals import kind_shown, verdicts_of
from broker.enrolment.space_bodies import read_body, read_key
from broker.enrolment.space_desk import answered
from broker.errors import Language, StaffSessionError
from broker.insured.desk.desk import AdvisorDesk, why_of
from broker.insured.desk.staff import Staff

SESSION_HEADER = "Staff-Session"
_LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class DeskApi:
    """Checks both proofs, reads bodies, and answers from the desk."""

    portal: ClassicDesk
    desk: AdvisorDesk

    def staff(self) -> Staff:
        """The advisor whose session this call bears; the portal is checked first."""
        self.portal.service()
        token = request.headers.get(SESSION_HEADER, "")
        if not token:
            raise StaffSessionError
        return self.desk.sessions.use(token)

    def sign_in(self) -> Response:
        """A session for an advisor."""
        self.portal.service()
        said = read_body(SignInBody)
        return answered(self.desk.come_in(said.name, said.password, said.code))

    def sign_out(self) -> Response:
        """End the session."""
        staff = self.staff()
        self.desk.sessions.close(request.headers[SESSION_HEADER], staff)
        return answered({})

    def overview(self) -> Response:
        """What waits."""
        return answered(self.desk.overview(self.staff()))

    def search(self) -> Response:
        """Look for a person."""
        staff, said = self.staff(), read_body(SearchBody)
        asked = said.model_dump(exclude={"reason", "note"})
        return _opened(self.desk.search(staff, asked, why_of(said.reason, said.note)))

    def open_case(self) -> Response:
        """Look at a refused login."""
        staff, said = self.staff(), read_body(CaseBody)
        why = why_of(said.reason, said.note)
        return _opened(self.desk.open_case(staff, said.number, why))

    def refusal(self, number: str) -> Response:
        """What the number of a page of the broker means, and the refusals that showed it."""
        self.staff()
        kind = kind_shown(number)
        words = {
            name: {language: text(language) for language in _LANGUAGES}
            for name, text in (("title", kind.title), ("public", kind.public))
        }
        cases = self.desk.finder.open_cases(verdicts_of(kind))
        return answered({"number": kind.number, **words, "cases": cases})

    def open_file(self) -> Response:
        """Open the file of a person who was shown."""
        staff, said = self.staff(), read_body(ShownBody)
        return _opened(self.desk.open_shown(staff, said.source, said.person))

    def open_message(self, number: int) -> Response:
        """Open the file of whoever wrote a message."""
        staff, said = self.staff(), read_body(WhyBody)
        return _opened(self.desk.open_message(staff, number, why_of(said.reason, said.note)))

    def read(self, number: str) -> Response:
        """What a consultation opened."""
        return answered(self.desk.read(self.staff(), number))

    def verify_caller(self, number: str) -> Response:
        """Write down how the advisor made sure who calls."""
        staff, body = self.staff(), read_body(ProofBody)
        said = {"nir": body.nir, "contact": body.contact}
        self.desk.acts.verify_caller(staff, number, read_key(), body.questions, said)
        return answered({})

    def change_email(self, number: str) -> Response:
        """Change the e-mail address."""
        self.desk.acts.change_email(self.staff(), number, read_key(), read_body(TextBody).text)
        return answered({})

    def change_mobile(self, number: str) -> Response:
        """Change the mobile number."""
        self.desk.acts.change_mobile(self.staff(), number, read_key(), read_body(TextBody).text)
        return answered({})

    def unlock(self, number: str) -> Response:
        """Unlock the account."""
        self.desk.acts.unlock(self.staff(), number, read_key())
        return answered({})

    def post_code(self, number: str) -> Response:
        """Post a code."""
        self.desk.acts.post_code(self.staff(), number, read_key())
        return answered({})

    def replace(self, number: str) -> Response:
        """Replace the account."""
        self.desk.acts.replace(self.staff(), number, read_key(), read_body(TextBody).text)
        return answered({})

    def answer(self, number: str) -> Response:
        """Answer a message."""
        staff, reply = self.staff(), read_body(AnswerBody).model_dump()
        self.desk.acts.answer(staff, number, read_key(), reply)
        return answered({})

    def close_case(self, number: str) -> Response:
        """Close the case."""
        self.desk.acts.close_case(self.staff(), number, read_key())
        return answered({})

    def redeem(self) -> Response:
        """Choose a password with a code received by post: a person's own, without any advisor."""
        self.portal.service()
        said = read_body(RedemptionBody)
        typed = said.nir, said.code, said.password, said.origin
        return self.portal.carry_out(said, lambda: self.desk.codes.redeem(*typed))


def desk_routes(api: DeskApi) -> Blueprint:
    """The addresses of the desk."""
    blueprint = Blueprint("advisor_desk", __name__, url_prefix="/api/insured/v1")
    one = "/desk/consultations/<number>"
    for method, rule, view in (
        ("POST", "/desk/sessions", api.sign_in),
        ("DELETE", "/desk/session", api.sign_out),
        ("GET", "/desk/overview", api.overview),
        ("POST", "/desk/searches", api.search),
        ("POST", "/desk/cases", api.open_case),
        ("GET", "/desk/refusals/<number>", api.refusal),
        ("POST", "/desk/files", api.open_file),
        ("POST", "/desk/messages/<int:number>", api.open_message),
        ("GET", one, api.read),
        ("POST", f"{one}/proof", api.verify_caller),
        ("POST", f"{one}/email", api.change_email),
        ("POST", f"{one}/mobile", api.change_mobile),
        ("POST", f"{one}/unlocking", api.unlock),
        ("POST", f"{one}/post-code", api.post_code),
        ("POST", f"{one}/replacement", api.replace),
        ("POST", f"{one}/answer", api.answer),
        ("POST", f"{one}/case-closing", api.close_case),
        ("POST", "/post-codes/redemption", api.redeem),
    ):
        blueprint.add_url_rule(rule, f"{view.__name__}", view, methods=[method])
    return blueprint


def _opened(consultation: str) -> Response:
    return answered({"consultation": consultation})
