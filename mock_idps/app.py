"""One mock provider as a WSGI application."""

from flask import Flask

from mock_idps import authorize, control, login, logout, metadata, par, phone, tour, userinfo
from mock_idps import token_endpoint as token
from mock_idps.inspector import mount_inspector
from mock_idps.issuer import Issuer
from mock_idps.languages import mount_languages
from mock_idps.outside import Outside
from mock_idps.pages import mount_pages
from mock_idps.settings import MockSettings

ROOMS = (tour, metadata, par, authorize, login, phone, token, userinfo, logout, control)


def create_app(settings: MockSettings, outside: Outside) -> Flask:
    """The application of one issuer, with keys, people and memory of its own."""
    app = Flask("mock_idps")
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    # A virtual sleep may raise the caller's time-out: it must reach the caller as it is.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    issuer = Issuer(settings, outside)
    app.extensions["mock_issuer"] = issuer
    mount_languages(app)
    mount_inspector(app, issuer)
    mount_pages(app, issuer)
    for room in ROOMS:
        app.register_blueprint(room.views)
    return app
