"""
Help: the three questions that come back (S5), the four audiences (S7), fraudulent messages.

A topic is one row of TOPICS and one template; the list of topics is the index.
"""

from typing import NamedTuple

from flask import Flask, abort, render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from relying_party_demo.settings import Settings


class Topic(NamedTuple):
    """One page of help: the end of its address, its template, its title, one line about it."""

    slug: str
    template: str
    title: LazyString
    line: LazyString


QUESTIONS = (
    Topic(
        "informations-a-fournir",
        "information",
        _("Which information will I be asked for?"),
        _("What to have at hand, and where to find it."),
    ),
    Topic(
        "erreurs-de-saisie",
        "mistakes",
        _("How can I avoid typing mistakes?"),
        _("The three details that explain nearly every failure."),
    ),
    Topic(
        "rib-non-reconnu",
        "bank",
        _("What if my bank details are not recognised?"),
        _("Why it happens, how long to wait, whom to call."),
    ),
)
AUDIENCES = (
    Topic("etudiant", "student", _("I am a student"), _("First carte Vitale, own affiliation.")),
    Topic("salarie", "employee", _("I am an employee"), _("First job, new scheme, sick leave.")),
    Topic("senior", "senior", _("I am retired"), _("Reimbursements, history, new card.")),
    Topic(
        "independant",
        "self_employed",
        _("I am self-employed"),
        _("Business bank details, certificates, changes."),
    ),
)
ADVICE = (
    Topic(
        "deux-facons",
        "two_ways",
        _("Two ways to create an account"),
        _("What each asks of you, how long it takes, whom it suits."),
    ),
    Topic(
        "proches",
        "relatives",
        _("An account for a relative"),
        _("Spouse, grown-up child, parent; children under 16."),
    ),
    Topic(
        "messages-frauduleux",
        "phishing",
        _("Recognise a fraudulent message"),
        _("Four signs, and what to do when in doubt."),
    ),
)
TOPICS = {topic.slug: topic for topic in (*QUESTIONS, *AUDIENCES, *ADVICE)}


def mount(app: Flask, settings: Settings) -> None:
    """Give `app` its help; the pages name the address that its mails come from."""

    def index() -> str:
        groups = {"questions": QUESTIONS, "audiences": AUDIENCES, "advice": ADVICE}
        return render_template("help/index.html", **groups)

    def page(slug: str) -> str:
        topic = TOPICS.get(slug) or abort(404)
        return render_template(
            f"help/{topic.template}.html", topic=topic, sender=settings.mail.sender
        )

    app.add_url_rule("/aide", "help", index)
    app.add_url_rule("/aide/<slug>", "help_topic", page)
