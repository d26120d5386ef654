"""How the pages of the desk are drawn: each with the forms it holds."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import render_template
from flask_babel import LazyString

from relying_party_demo.desk.answers import Cases, File, Found, Overview, Refusal
from relying_party_demo.desk.forms import (
    AnswerForm,
    EmailForm,
    MessageForm,
    MobileForm,
    PlainForm,
    ReplacementForm,
    SearchForm,
    ShownForm,
    StaffForm,
    WhyForm,
)
from relying_party_demo.desk.proving import ProofForm
from relying_party_demo.desk.room import room
from relying_party_demo.pages.questions import Questions

Form = TypeVar("Form", bound=Questions)
ACT_FORMS: Mapping[str, type[Questions]] = {
    "proof": ProofForm,
    "email": EmailForm,
    "mobile": MobileForm,
    "unlocking": PlainForm,
    "post-code": PlainForm,
    "replacement": ReplacementForm,
    "case-closing": PlainForm,
}
"""The acts of a file and their forms; each form's fields are named after its act."""


def fresh(kind: type[Form], prefix: str = "") -> Form:
    """A form to be filled; after a faulty one was sent, the same with what was typed."""
    form = kind(prefix=prefix)
    form.begin(room().random)
    return form


def signed_out_page(form: StaffForm, refusal: LazyString | None = None) -> str:
    """The door."""
    return render_template("desk/sign_in.html", form=form, refusal=refusal)


def who_calls(
    overview: Overview,
    form: SearchForm | None = None,
    faulty: Mapping[int, WhyForm] | None = None,
) -> str:
    """The first page of the desk; `faulty` are the forms of messages with something wrong."""
    why = {one.number: fresh(MessageForm, f"message-{one.number}") for one in overview.messages}
    return render_template(
        "desk/home.html",
        desk=overview,
        opening_forms=_opening(overview.cases),
        ends_at=room().clock() + overview.idle_seconds,
        form=form or fresh(SearchForm),
        why={**why, **(faulty or {})},
    )


def refusal_page(refusal: Refusal) -> str:
    """What the number of a page means, and the refusals that showed it."""
    return render_template(
        "desk/refusal.html", refusal=refusal, opening_forms=_opening(refusal.cases)
    )


def _opening(cases: Cases) -> dict[str, PlainForm]:
    return {one.number: fresh(PlainForm, f"case-{one.number}") for one in cases.latest}


def found_page(number: str, found: Found) -> str:
    """The persons of a search or a case."""
    return render_template(
        "desk/found.html",
        number=number,
        found=found,
        shown={one.person: fresh(ShownForm, f"person-{one.person}") for one in found.persons},
        closing=fresh(PlainForm, "case-closing"),
    )


def file_page(number: str, file: File, faulty: Mapping[str, Questions] | None = None) -> str:
    """The file of a person, with a form for each act; `faulty` ones replace their like."""
    forms: dict[str, Any] = {act: fresh(kind, act) for act, kind in ACT_FORMS.items()}
    forms |= {
        f"answer-{one.number}": fresh(AnswerForm, f"answer-{one.number}") for one in file.messages
    }
    forms |= faulty or {}
    wrong = next((form for form in (faulty or {}).values() if form.faulty), None)
    return render_template("desk/file.html", number=number, file=file, forms=forms, wrong=wrong)
