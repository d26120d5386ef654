"""The doctor in a world: real logins of a service, read from outside it."""

import base64
import hashlib
import json
import secrets
import socket
from threading import Thread
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from sandbox.command import main
from sandbox.doctor.finding import Verdict
from sandbox.serving import Servers
from sandbox.wsgi import Request

HERE = "http://localhost:5000/callback"
SECRET = "the secret of a service of forty letters"
MINE = {
    "name": "Mine",
    "client_id": "mine",
    "client_secret": SECRET,
    "client_auth": "client_secret_post",
    "redirect_uris": [HERE],
    "post_logout_redirect_uris": ["http://localhost:5000/"],
    "scopes": ["openid", "given_name"],
}


class Service:
    """A careful service, written for these tests."""

    def __init__(self, world):
        self.world = world
        self.session = world.network.session()
        self.session.headers["User-Agent"] = "mine/1.0"
        url = f"{world.broker.url}/api/v2/.well-known/openid-configuration"
        self.metadata = self.session.get(url).json()

    def login(self, browser, **changes):
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "client_id": "mine",
            "redirect_uri": HERE,
            "response_type": "code",
            "scope": "openid given_name",
            "state": secrets.token_urlsafe(24),
            "nonce": secrets.token_urlsafe(24),
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **changes,
        }
        browser.open(f"{self.metadata['authorization_endpoint']}?{urlencode(asked)}")
        return verifier

    def redeem(self, browser, verifier):
        fields = {
            "grant_type": "authorization_code",
            "code": browser.sent_back()["code"],
            "redirect_uri": HERE,
            "code_verifier": verifier,
            "client_id": "mine",
            "client_secret": SECRET,
        }
        tokens = self.session.post(self.metadata["token_endpoint"], data=fields).json()
        self.session.get(self.metadata["jwks_uri"])
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        self.session.get(self.metadata["userinfo_endpoint"], headers=bearer)
        return tokens

    def logout(self, browser, tokens):
        asked = {"id_token_hint": tokens["id_token"]}
        browser.open(f"{self.metadata['end_session_endpoint']}?{urlencode(asked)}")


@pytest.fixture
def world(make_world):
    return make_world({"clients": {"own": MINE}})


@pytest.fixture
def room(world):
    return world.sites["room"].url


def findings(world, room):
    found = world.browser().open(f"{room}/doctor/mine.json").json
    return {finding["check"]: finding["verdict"] for finding in found}


def rotate(world, room):
    request = Request("POST", f"{room}/doctor/rotate", {"X-Passerelle-Doctor": "1"})
    return json.loads(world.network.send(request)[0].body)


def test_a_careful_service_is_told_that_all_is_well(world, room):
    """A login, a refusal, a login after a change of keys, a logout: nothing is left to say."""
    service, browser = Service(world), world.browser()
    verifier = service.login(browser)
    browser.sign_in().accept()
    service.redeem(browser, verifier)
    declining = world.browser()
    service.login(declining)
    declining.sign_in(as_="paul").decline()
    assert len(rotate(world, room)) >= 1
    other = world.browser()
    verifier = service.login(other)
    other.sign_in(as_="marc").accept()
    service.logout(other, service.redeem(other, verifier))

    assert set(findings(world, room).values()) == {Verdict.GOOD}


def test_a_careless_service_is_told_what_is_wrong(world, room):
    """One state for all, no verifier, a wrong redirect URI, a code used twice."""
    service, browser = Service(world), world.browser()
    careless = {"state": "always-the-same-state-1"}
    service.login(browser, **careless)
    service.login(world.browser(), **careless)
    service.login(world.browser(), redirect_uri=HERE + "/")
    browser.sign_in().accept()
    for _ in range(2):
        fields = {
            "grant_type": "authorization_code",
            "code": browser.sent_back()["code"],
            "client_id": "mine",
            "client_secret": SECRET,
        }
        service.session.post(service.metadata["token_endpoint"], data=fields)
    found = findings(world, room)

    assert found["state"] == Verdict.PROBLEM
    assert found["redirect URI"] == Verdict.PROBLEM
    assert found["use of codes"] == Verdict.PROBLEM
    assert found["PKCE"] == Verdict.PROBLEM
    assert found["token calls"] == Verdict.WARNING
    assert found["nonce"] == Verdict.GOOD


def test_another_service_is_not_mixed_in(world, room):
    """What the portal does says nothing of mine."""
    world.browser().login(world.portal).accept()

    assert set(findings(world, room).values()) == {Verdict.UNSEEN}


def test_an_unknown_service_has_no_diagnosis(world, room):
    """404, in the page of the room."""
    assert world.browser().open(f"{room}/doctor/nobody.json").status == 404


def test_another_site_changes_no_key(world, room):
    """The mark of the doctor cannot be sent by a form."""
    assert world.browser().post(f"{room}/doctor/rotate").status == 403


def test_the_command_prints_findings_with_their_remedy(world):
    """A problem ends with 1, so that a pipeline stops."""
    service, site = Service(world), world.sites["room"]
    with Served(site.app) as address:
        service.login(world.browser(), redirect_uri=HERE + "/")
        told = CliRunner().invoke(main, ["doctor", "--client", "mine", "--room", address])
        rotated = CliRunner().invoke(
            main, ["doctor", "--client", "mine", "--room", address, "--rotate"]
        )
        unknown = CliRunner().invoke(main, ["doctor", "--client", "nobody", "--room", address])

    assert told.exit_code == 1
    assert "redirect URI" in told.output
    assert "-> register the address exactly as it is sent" in told.output
    assert "log in once more" in rotated.output
    assert "knows no service called nobody" in unknown.output


def test_without_a_sandbox_the_command_says_what_to_start():
    """One sentence."""
    told = CliRunner().invoke(main, ["doctor", "--client", "mine", "--room", "http://localhost:1"])

    assert told.exit_code == 1
    assert "start one first" in told.output


class Served:
    """An application on a real port, while the block runs."""

    def __init__(self, app):
        self.app = app

    def __enter__(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.servers = Servers({f"127.0.0.1:{port}": self.app})
        self.thread = Thread(target=self.servers.run, daemon=True)
        self.thread.start()
        return f"http://localhost:{port}"

    def __exit__(self, *_):
        self.servers.stop()
        self.thread.join(5)
