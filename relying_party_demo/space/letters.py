"""Messages to the fund, and its answers (S167-S169)."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug import Response
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from relying_party_demo.door.door import members_only
from relying_party_demo.space.form import SpaceForm, Trimmed
from relying_party_demo.space.room import Page, account_id, insurer, views
from relying_party_demo.space.words import TOPICS

LONGEST = 4000


class MessageForm(SpaceForm):
    """A question to the fund."""

    topic = RadioField(
        _("What is it about?"),
        choices=[SelectChoice(code, words) for code, words in TOPICS.items()],
        validators=[InputRequired(_("Say what your message is about."))],
    )
    text = TextAreaField(
        _("Your message"),
        description=_(
            "4,000 characters at most. Your fund knows who you are: no need to write your number."
        ),
        validators=[
            Trimmed(
                _("Write your message."), LONGEST, _("This is too long: 4,000 characters at most.")
            )
        ],
        render_kw={"rows": 8, "maxlength": LONGEST},
    )


@views.route("/mon-compte/messages", methods=["GET", "POST"])
@members_only
def messages() -> Page | Response:
    """Write, and see what was written."""
    form = MessageForm()
    if form.validate_on_submit():
        # WTForms keeps the line ends of browsers; a message is text.
        text = form.text.data.replace("\r\n", "\n")
        insurer().send(account_id(), form.topic.data, text, form.key_for(form.topic.data, text))
        flash(
            gettext("Your message is sent. The answer comes here within 3 to 5 working days."),
            "success",
        )
        return redirect(url_for("account.messages"), 303)
    page = render_template(
        "space/messages.html", form=form, messages=insurer().messages(account_id())
    )
    return page, 422 if form.errors else 200


@views.get("/mon-compte/messages/<int:number>")
@members_only
def message(number: int) -> str:
    """One message and its answer, which then counts as read."""
    return render_template("space/message.html", one=insurer().message(account_id(), number))
