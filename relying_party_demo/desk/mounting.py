"""Put the desk of the advisors on the portal, and the page of the code by post."""

from flask import Flask

from relying_party_demo.backchannel import BackChannel
from relying_party_demo.desk import acting, entrance, looking, phrases, redemption, words
from relying_party_demo.desk.line import DeskLine
from relying_party_demo.desk.room import COOKIE, Room
from relying_party_demo.outside import Outside


def mount(app: Flask, channel: BackChannel, outside: Outside, *, production: bool) -> None:
    """The desk of the insurer behind `channel`; in production its cookie is for https alone."""
    prefix = "__Host-" if production else ""
    app.extensions["advisor_desk"] = Room(
        DeskLine(channel), outside.clock, outside.random, f"{prefix}{COOKIE}", production
    )
    app.jinja_env.filters |= {
        "desk_trait": lambda code: words.word(words.TRAITS, code),
        "desk_born": phrases.born,
        "desk_act": phrases.done,
        "desk_of": phrases.of_whom,
        "desk_said": phrases.said,
    }
    app.jinja_env.globals |= {"desk_words": words, "desk_word": words.word}
    for views in (entrance.views, looking.views, acting.views, redemption.views):
        app.register_blueprint(views)
