"""The form of a proof: how an advisor made sure who calls."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput

from relying_party_demo.desk.words import QUESTIONS
from relying_party_demo.pages.questions import Questions

_PLAIN = {"spellcheck": "false", "autocomplete": "off"}
_TYPED = ("nir", "contact")
"""Questions whose answers no page shows whole."""


class ProofForm(Questions):
    """How the advisor made sure who calls."""

    questions = SelectMultipleField(
        _("What the person answered rightly"),
        description=_(
            "Three answers at least. Tick those that you compared with this page; type those that "
            "it masks, and we compare. Never read any of them out."
        ),
        choices=[
            SelectChoice(code, words) for code, words in QUESTIONS.items() if code not in _TYPED
        ],
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    nir = StringField(
        _("The social security number, as the person says it"),
        description=_("13 or 15 characters. May be left empty."),
        render_kw=_PLAIN,
    )
    contact = StringField(
        _("The e-mail address or the mobile number, as the person says it"),
        description=_("That of the account or of the file. May be left empty."),
        render_kw=_PLAIN,
    )

    def said(self) -> dict[str, Any]:
        """The questions that were answered, and the answers that were typed."""
        typed_here = {name: (self[name].data or "").strip() for name in _TYPED}
        answered = [name for name, text in typed_here.items() if text]
        return {"questions": [*(self.questions.data or []), *answered], **typed_here}
