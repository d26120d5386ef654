"""Discovery and the key set are given from memory, and never a stale one."""

import json

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from broker.openid.remembered import Remembered
from sandbox.wsgi import Request, call, environment
from tests.service import API, Service

DISCOVERY, KEYS = f"{API}/.well-known/openid-configuration", f"{API}/jwks"


class Counting:
    """An application that counts how often it is asked."""

    def __init__(self, status=200):
        self.asked, self.status = 0, status

    def __call__(self, environ, start_response):
        self.asked += 1
        answer = Response(f"answer {self.asked}", self.status, {"X-Own": "1"})
        return answer(environ, start_response)


def ask(app, method="GET", path="/document"):
    return call(app, environment(Request(method, f"http://localhost{path}", {})))


def test_the_application_is_asked_once_for_a_version():
    """The second answer is the first, headers included."""
    app = Counting()
    remembered = Remembered(app, {"/document": lambda: 1})
    first, second = ask(remembered), ask(remembered, path="/document?anything")

    assert app.asked == 1
    assert second == first
    assert dict(first.headers)["X-Own"] == "1"


def test_a_new_version_is_asked_for():
    """As soon as it is one, and remembered in turn."""
    app, versions = Counting(), ["a", "b", "b", "a"]
    remembered = Remembered(app, {"/document": lambda: versions.pop(0)})

    bodies = [ask(remembered).body for _ in range(4)]
    assert bodies == [b"answer 1", b"answer 2", b"answer 2", b"answer 3"]


@pytest.mark.parametrize(("method", "path"), [("HEAD", ""), ("POST", ""), ("GET", "/other")])
def test_anything_else_goes_to_the_application(method, path):
    """Another method or another address is never answered from memory."""
    app = Counting()
    remembered = Remembered(app, {"/document": lambda: 1})
    for _ in range(2):
        ask(remembered, method, path or "/document")

    assert app.asked == 2


@pytest.mark.parametrize("status", [301, 404, 500, 503])
def test_a_refusal_is_not_remembered(status):
    """A fault of one moment is not told to everybody after it."""
    app = Counting(status)
    remembered = Remembered(app, {"/document": lambda: 1})
    assert [ask(remembered).status for _ in range(2)] == [status] * 2
    app.status = 200

    assert ask(remembered).status == 200


def test_a_database_that_is_away_is_told_by_the_application():
    """Which version there is cannot be read: the application is asked, as for any page."""

    def away():
        raise OperationalError("SELECT", {}, Exception("away"))

    app = Counting()
    remembered = Remembered(app, {"/document": away})

    assert [ask(remembered).body for _ in range(2)] == [b"answer 1", b"answer 2"]


@pytest.mark.parametrize("path", [DISCOVERY, KEYS])
def test_what_is_remembered_is_what_the_broker_says(world, path):
    """Byte by byte and header by header, with the headers that let anybody keep and read it."""
    app = world.broker.app
    told, again = (ask(world.broker, path=path) for _ in range(2))
    with app.test_request_context(path):
        straight = app.full_dispatch_request()

    assert told == again
    assert told.body == straight.data
    assert dict(told.headers) == dict(straight.headers)
    assert dict(told.headers)["Cache-Control"] == "public, max-age=600"
    assert dict(told.headers)["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in dict(told.headers)


def kids(world):
    return [key["kid"] for key in json.loads(ask(world.broker, path=KEYS).body)["keys"]]


def test_a_key_appears_and_disappears_when_the_ring_says_so(world):
    """Published ahead, kept for the last token, gone afterwards: the memory follows the clock."""
    ring = world.broker.app.extensions["parts"].keys
    journal = world.broker.app.extensions["parts"].journal
    before = kids(world)
    fresh = ring.rotate("ES256", 60, 600, journal)
    during = kids(world)
    world.clock.advance(60 + 600 + 1)
    after = kids(world)

    assert fresh not in before
    assert set(during) == {*before, fresh}
    assert fresh in after
    assert len(after) == len(before)


def test_another_nodes_rotation_is_seen_within_five_seconds(world):
    """The ring of a node reads the database again, and the document with it."""
    kids(world)
    other = world.broker.make().extensions["parts"]
    fresh = other.keys.rotate("RS256", 0, 600, other.journal)
    world.clock.advance(5)

    assert fresh in kids(world)


def test_a_login_still_verifies_with_the_remembered_keys(world, browser):
    """Discovery, keys and token agree after a rotation in the middle of a login."""
    sample = Service(world)
    assert kids(world)
    code = sample.login(browser)["code"]
    parts = world.broker.app.extensions["parts"]
    parts.keys.rotate("ES256", 0, 600, parts.journal)

    assert sample.id_token(sample.tokens(code))["aud"] == sample.client_id
