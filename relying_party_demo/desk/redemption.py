"""A code received by post: number, code, new password (S100, X12). No advisor is needed."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from pydantic import ValidationError
from wtforms import PasswordField, StringField

from relying_party_demo.backchannel import InsurerAwayError, Reply
from relying_party_demo.classic import typed
from relying_party_demo.classic.activation import blame_password
from relying_party_demo.classic.desk import asking
from relying_party_demo.classic.forms import Reads
from relying_party_demo.classic.sentences import NIR_FORM, NIR_KEY, PASSWORD_RULES
from relying_party_demo.classic.troubles import Trouble, guarded
from relying_party_demo.classic.typed import NIR_WITH_KEY, NIR_WITHOUT_KEY
from relying_party_demo.desk.drawn import fresh
from relying_party_demo.desk.room import room
from relying_party_demo.pages.questions import Needed, OnceField, Questions

views = Blueprint("redemption", __name__)
_NIR_FAULTS = {"nir_key": NIR_KEY, "nir_form": NIR_FORM}
_CODE_LETTERS = 10


def _code(text: str) -> str:
    code = typed.squeezed(text)
    if len(code) != _CODE_LETTERS:
        raise ValueError("no code")
    return code


class RedemptionForm(Questions):
    """A code received by post, and the password that is chosen with it."""

    nir = StringField(
        _("Social security number"),
        description=_("13 or 15 digits. It is on your carte Vitale and on your certificates."),
        validators=[
            Needed(_("Write your social security number.")),
            Reads(lambda text: typed.nir(text, NIR_WITHOUT_KEY, NIR_WITH_KEY), NIR_FORM),
        ],
        render_kw={"autocomplete": "username", "spellcheck": "false", "size": 24},
    )
    code = OnceField(
        _("Code received by post"),
        description=_("10 characters, on the letter. Capitals and blanks do not matter."),
        validators=[
            Needed(_("Write the code of the letter.")),
            Reads(_code, _("The code has 10 characters.")),
        ],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "size": 16},
    )
    password = PasswordField(
        _("New password"),
        validators=[Needed(_("Choose a password."))],
        render_kw={"autocomplete": "new-password", "data-rules": "password-rules"},
    )


class Redeemed(Reply):
    """What became of a code: `done`, `wrong`, or what is wrong with number or password."""

    result: str
    reason: str = ""
    faults: tuple[str, ...] = ()


def _page(
    trouble: Trouble | None = None,
    form: RedemptionForm | None = None,
    *,
    wrong: bool = False,
    **_place: Any,
) -> str:
    return render_template(
        "desk/redemption.html",
        form=form or fresh(RedemptionForm),
        trouble=trouble,
        wrong=wrong,
        rules=PASSWORD_RULES,
    )


@views.get("/code-par-courrier")
def by_post() -> str:
    """Where the code of the letter is typed."""
    return _page()


@views.post("/code-par-courrier")
@guarded(_page)
def redeem() -> ResponseReturnValue:
    """The password is chosen, or what is wrong."""
    form = RedemptionForm()
    if not form.validate():
        return _page(form=form), 422
    answer = _asked(form)
    if answer.result == "done":
        return redirect(url_for("redemption.done"), 303)
    form.renew(room().random(16).hex())
    if answer.result == "refused":
        form.blame("nir", _NIR_FAULTS.get(answer.reason, NIR_FORM))
        return _page(form=form), 422
    if answer.result == "password":
        blame_password(form, answer.faults)
        return _page(form=form), 422
    return _page(form=form, wrong=True), 403


@views.get("/code-par-courrier/termine")
def done() -> str:
    """The new password holds."""
    return render_template("desk/redeemed.html")


def _asked(form: RedemptionForm) -> Redeemed:
    said = {
        "nir": form.read["nir"],
        "code": form.read["code"],
        "password": form.password.data,
        "origin": asking()["origin"],
    }
    content = room().line.redeem(said, form.key(said))
    try:
        return Redeemed.model_validate_json(content)
    except ValidationError as fault:
        raise InsurerAwayError("post-codes: a member is missing or wrong") from fault
