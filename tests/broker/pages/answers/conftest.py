"""An application that raises what a test wants, where it wants."""

import pytest
from flask import Flask, g
from flask_wtf.csrf import CSRFProtect

from broker.look import mount_look
from broker.pages import mount_error_pages
from broker.sealing import Sealer


@pytest.fixture
def raised():
    """What the application raises next, and what it knows then."""
    return {}


@pytest.fixture
def app(raised, brand) -> Flask:
    """An application whose every address raises what the test wants."""
    app = Flask("raising", static_folder=None)
    app.secret_key = "a secret of the tests, 32 letters or more"
    CSRFProtect(app)
    mount_look(app, brand, Sealer("a-secret-of-the-tests-0123456789abcdef"), production=False)
    mount_error_pages(app, lambda size: b"\x01\x23\x45\x67\x89"[:size])

    @app.get("/page")
    @app.get("/api/v2/token")
    @app.get("/api/v2/authorize")
    @app.get("/api/v2/session/end")
    def fail():
        for name in ("return_path", "way_back"):
            if name in raised:
                setattr(g, name, raised[name])
        raise raised["error"]

    @app.post("/form")
    def form():
        return "sent"

    return app


@pytest.fixture
def ask(app, raised):
    """Ask an address while the application raises `error`."""
    client = app.test_client()

    def asked(error, place="/page", **known):
        raised.update(error=error, **known)
        return client.get(place)

    return asked
