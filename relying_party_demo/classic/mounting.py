"""Put the pages of the classic way on the portal."""

from flask import Flask

from relying_party_demo.backchannel import BackChannel
from relying_party_demo.classic import activation, creation, recovery, signing_in
from relying_party_demo.classic.desk import Desk
from relying_party_demo.classic.insurer import Insurer
from relying_party_demo.outside import Outside
from relying_party_demo.settings import Settings


def mount(app: Flask, settings: Settings, channel: BackChannel, outside: Outside) -> None:
    """Creation, activation, sign-in and recovery, decided by the insurer behind `channel`."""
    app.jinja_env.globals["mail_sender"] = settings.mail.sender
    app.extensions["classic"] = Desk(Insurer(channel), channel, outside.clock, outside.random)
    for views in (signing_in.views, creation.views, activation.views, recovery.views):
        app.register_blueprint(views)
