"""The page that tells how to integrate a service: its examples work as they stand there."""

import importlib
import json
import sys
from datetime import UTC, datetime

import pytest
import requests
from click.testing import CliRunner

from broker.commands.clients import client_group
from tests.interop.page import PLACE, examples, registration

ORIGIN = f"http://{PLACE}"


@pytest.fixture
def world(make_world):
    """A world of today: Authlib reads the clock of the machine, not ours."""
    return make_world(start=datetime.now(UTC))


@pytest.fixture
def registered(world):
    """What the command of the page prints, run on the broker of this world."""
    words = registration()
    told = CliRunner().invoke(client_group(lambda: world.broker.app.extensions["parts"]), words[1:])
    assert told.exit_code == 0, told.output
    return json.loads(told.output)


@pytest.fixture
def flask_service(world, registered, monkeypatch, tmp_path):
    """The Flask example of the page, in the network of this world."""
    told = {"ISSUER": f"{world.broker.url}/api/v2", "SESSION_SECRET": "s" * 32}
    names = {"CLIENT_ID": registered["client_id"], "CLIENT_SECRET": registered["client_secret"]}
    for name, value in (told | names).items():
        monkeypatch.setenv(name, value)
    inside = world.network.session().get_adapter("http://")
    monkeypatch.setattr(requests.Session, "get_adapter", lambda *_, **__: inside)
    (tmp_path / "flask_service.py").write_text(examples()["flask_service.py"])
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "flask_service", raising=False)
    module = importlib.import_module("flask_service")
    world.network.attach(ORIGIN, module.app)
    return module


def test_the_command_of_the_page_registers_a_service(registered):
    """The identifier that was asked for, and a secret that was made up."""
    assert registered["client_id"] == "my-service"
    assert len(registered["client_secret"]) >= 32


def test_the_flask_example_signs_claire_in(world, browser, flask_service):
    """From the first page to the claims, each as the page announces them."""
    browser.open(ORIGIN)
    browser.sign_in("claire", "tax").accept()
    shown = json.loads(browser.page.text)

    assert shown["family_name"] == "DURAND"
    assert shown["given_name"].startswith("Claire")
    assert shown["sub"]
    assert "email" in shown


def test_the_flask_example_survives_a_refusal(world, browser, flask_service):
    """Whoever declines comes back to a service that says so."""
    browser.open(ORIGIN)
    page = browser.sign_in("claire", "tax").decline()

    assert json.loads(page.text) == {"error": "access_denied"}


def test_the_flask_example_refuses_the_answer_of_another_issuer(browser, flask_service):
    """The mix-up of RFC 9207: `iss` is somebody else's, or is missing."""
    for mixed in ("", "?iss=https://evil.example&code=x&state=y"):
        assert browser.open(f"{ORIGIN}/callback{mixed}").status == 400


def test_every_example_of_the_page_has_a_name():
    """So that whoever runs them finds them; the three languages of Django are one example."""
    assert set(examples()) == {
        "flask_service.py",
        "settings.py",
        "people.py",
        "urls.py",
        "service.mjs",
        "passerelle.conf",
    }


def test_examples_move_with_the_place_they_listen_at():
    """Two demonstrations may be tried side by side."""
    moved = examples("localhost:15050")

    assert "http://localhost:15050'" in moved["service.mjs"]
    assert ".listen(15050, 'localhost')" in moved["service.mjs"]
    assert "5000" not in "".join(moved.values()).replace("15050", "")
    assert "http://localhost:15050/callback" in registration("localhost:15050")
