"""Looking: a search, a case, the file of a person, a message that waits."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from relying_party_demo.desk.answers import File
from relying_party_demo.desk.drawn import file_page, found_page, refusal_page, who_calls
from relying_party_demo.desk.forms import MessageForm, SearchForm, ShownForm
from relying_party_demo.desk.line import DeskRefusedError
from relying_party_demo.desk.phrases import error_number, is_error_number, unknown_number
from relying_party_demo.desk.room import alone, at_work, room
from relying_party_demo.desk.words import field_fault
from relying_party_demo.pages.questions import Questions

views = Blueprint("looking", __name__, url_prefix="/conseiller")
views.before_request(alone)
_REASON = "refused_login"
_UNKNOWN = "case_unknown"
_NAMED = {"given_name": "given_names"}


@views.post("/recherches")
@at_work
def search(token: str) -> ResponseReturnValue:
    """Who calls; the page of whoever was found can be refreshed without another consultation."""
    form = SearchForm()
    by = form.meant(request.form.get("by", ""))
    valid, said = form.validate(), form.said(by)
    if valid and not form.faulty:
        try:
            return _found(token, by, said)
        except DeskRefusedError as refusal:
            blame(form, refusal)
    return who_calls(room().line.overview(token), form), 422


@views.get("/consultations/<number>")
@at_work
def read(token: str, number: str) -> str:
    """What a consultation opened."""
    found = room().line.consultation(token, number)
    return file_page(number, found) if isinstance(found, File) else found_page(number, found)


@views.post("/consultations/<number>/dossiers/<int:person>")
@at_work
def open_file(token: str, number: str, person: int) -> ResponseReturnValue:
    """The file of a person who is shown, for the reason of the search."""
    ShownForm(prefix=f"person-{person}")
    return _to(room().line.open_file(token, number, person))


@views.post("/messages/<int:message>")
@at_work
def open_message(token: str, message: int) -> ResponseReturnValue:
    """The file of whoever wrote a message."""
    form = MessageForm(prefix=f"message-{message}")
    if form.validate():
        said = {"reason": form.reason.data, "note": form.note.data or ""}
        try:
            return _to(room().line.open_message(token, message, said))
        except DeskRefusedError as refusal:
            blame(form, refusal)
    return who_calls(room().line.overview(token), faulty={message: form}), 422


def _found(token: str, by: str, said: dict[str, str]) -> ResponseReturnValue:
    if by != "case":
        return _to(room().line.search(token, said))
    if is_error_number(said["number"]):
        number = room().line.refusal(token, error_number(said["number"])).number
        return redirect(url_for("looking.by_error_number", number=number), 303)
    return _to(room().line.open_case(token, said))


@views.get("/numeros/<number>")
@at_work
def by_error_number(token: str, number: str) -> str:
    """What the number of a page means, and the refusals that showed it."""
    return refusal_page(room().line.refusal(token, number))


@views.post("/refus/<number>")
@at_work
def open_case(token: str, number: str) -> ResponseReturnValue:
    """A refused sign-in of the list, for the reason that such a list gives."""
    said = {"reason": _REASON, "note": "", "number": number}
    return _to(room().line.open_case(token, said))


def blame(form: Questions, refusal: DeskRefusedError) -> None:
    """Put what the insurer found beside its field; what belongs to no field is raised again."""
    if refusal.error == _UNKNOWN and isinstance(form, SearchForm):
        form.blame("case_number", unknown_number(form.case_number.data or ""))
        return
    name = _NAMED.get(refusal.field, refusal.field)
    sentence = field_fault(refusal.field, refusal.rule)
    if refusal.error != "invalid_field" or sentence is None or name not in form:
        raise refusal
    form.blame(name, sentence)


def _to(consultation: str) -> ResponseReturnValue:
    return redirect(url_for("looking.read", number=consultation), 303)
