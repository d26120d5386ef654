"""Looking: a search, a case, the file of a person, a message that waits."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from relying_party_demo.desk.answers import File
from relying_party_demo.desk.drawn import file_page, found_page, who_calls
from relying_party_demo.desk.forms import SearchForm, ShownForm, WhyForm
from relying_party_demo.desk.line import DeskRefusedError
from relying_party_demo.desk.room import alone, at_work, room
from relying_party_demo.desk.words import REFUSALS, field_fault
from relying_party_demo.pages.questions import Questions

views = Blueprint("looking", __name__, url_prefix="/conseiller")
views.before_request(alone)
_BESIDE = {"case_unknown": "case_number"}
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
            look = room().line.open_case if by == "case" else room().line.search
            return _to(look(token, said))
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
    form = WhyForm(prefix=f"message-{message}")
    if form.validate():
        said = {"reason": form.reason.data, "note": form.note.data or ""}
        try:
            return _to(room().line.open_message(token, message, said))
        except DeskRefusedError as refusal:
            blame(form, refusal)
    return who_calls(room().line.overview(token), faulty={message: form}), 422


def blame(form: Questions, refusal: DeskRefusedError) -> None:
    """Put what the insurer found beside its field; what belongs to no field is raised again."""
    if refusal.error in _BESIDE and _BESIDE[refusal.error] in form:
        form.blame(_BESIDE[refusal.error], REFUSALS[refusal.error])
        return
    name = _NAMED.get(refusal.field, refusal.field)
    sentence = field_fault(refusal.field, refusal.rule)
    if refusal.error != "invalid_field" or sentence is None or name not in form:
        raise refusal
    form.blame(name, sentence)


def _to(consultation: str) -> ResponseReturnValue:
    return redirect(url_for("looking.read", number=consultation), 303)
