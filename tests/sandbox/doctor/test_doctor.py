"""The doctor in a world: real logins of a service, read from outside it."""

import base64
import hashlib
import json
import secrets
import socket
from email.utils import formatdate
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask, request
from joserfc import jwt
from joserfc.jwk import ECKey

from sandbox.command import main
from sandbox.doctor.finding import Verdict
from sandbox.serving import Servers
from sandbox.world import START
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


def program(world, url, **told):
    """What the command asks of the room."""
    headers = {"X-Passerelle-Doctor": "1", "Content-Type": "application/json"}
    return json.loads(
        world.network.send(Request("POST", url, headers, json.dumps(told).encode()))[0].body
    )


def rotate(world, room):
    return program(world, f"{room}/doctor/rotate")


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
    assert program(world, f"{room}/doctor/mine/probe")[0].startswith(f"{HERE}?code=doctor-forged-")
    program(world, f"{room}/doctor/mine/heard", date=formatdate(world.clock(), usegmt=True))

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


@pytest.mark.parametrize("path", ["rotate", "mine/probe", "mine/heard"])
def test_another_site_changes_nothing(world, room, path):
    """The mark of the doctor cannot be sent by a form."""
    assert world.browser().post(f"{room}/doctor/{path}").status == 403


def test_a_service_that_redeems_a_forged_answer_is_told(world, room):
    """Whatever code its callback is given, it asks for tokens: any stranger's would do."""
    service = Service(world)
    forged = dict(parse_qsl(urlsplit(program(world, f"{room}/doctor/mine/probe")[0]).query))
    service.session.post(
        service.metadata["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": forged["code"],
            "redirect_uri": HERE,
            "client_id": "mine",
            "client_secret": SECRET,
        },
    )
    found = findings(world, room)

    assert len(forged["state"]) >= 22
    assert forged["iss"] == f"{world.broker.url}/api/v2"
    assert found["state compared"] == Verdict.PROBLEM
    assert found["token calls"] == Verdict.UNSEEN


@pytest.mark.parametrize(
    ("date", "verdict"),
    [
        ("Mon, 02 Mar 2026 08:30:00 GMT", Verdict.GOOD),
        ("Mon, 02 Mar 2026 08:30:40 GMT", Verdict.WARNING),
        ("Wed, 04 Mar 2026 08:30:00 GMT", Verdict.PROBLEM),
        ("yesterday", Verdict.UNSEEN),
        ("", Verdict.UNSEEN),
    ],
)
def test_a_clock_that_goes_wrong_is_told(world, room, date, verdict):
    """Out of the Date that the service writes on its answers."""
    world.clock.freeze()
    world.clock.set(START)
    program(world, f"{room}/doctor/mine/heard", date=date)

    assert findings(world, room)["clock"] == verdict


def test_the_clock_is_read_off_assertions_too(make_world):
    """A service that signs its assertions dates them."""
    key = ECKey.generate_key("P-256", {"kid": "mine", "use": "sig", "alg": "ES256"})
    signed = {"client_auth": "private_key_jwt", "jwks": {"keys": [key.as_dict(private=False)]}}
    world = make_world({"clients": {"own": {**MINE, "client_secret": None, **signed}}})
    service, now = Service(world), int(world.clock())
    claims = {"iss": "mine", "sub": "mine", "iat": now - 300, "exp": now + 60, "jti": "j" * 22}
    service.session.post(
        service.metadata["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": "c" * 43,
            "client_assertion": jwt.encode({"alg": "ES256"}, claims, key),
            "client_id": "mine",
        },
    )

    assert findings(world, world.sites["room"].url)["clock"] == Verdict.PROBLEM


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


def test_the_command_brings_a_forged_answer_and_reads_the_clock(make_world):
    """To a real port; a service that is away is named, and the rest is told all the same."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    world = make_world(
        {"clients": {"own": {**MINE, "redirect_uris": [f"http://localhost:{port}/"]}}}
    )
    world.clock.back_to_real_time()
    app, met = Flask("mine"), []
    app.add_url_rule("/", "callback", lambda: met.append(request.args["code"]) or "no")
    words = ["doctor", "--client", "mine", "--probe", "--room"]
    with Served(world.sites["room"].app) as room:
        away = CliRunner().invoke(main, [*words, room])
        with Served(app, port):
            there = CliRunner().invoke(main, [*words, room])

    assert f"Nobody answers at http://localhost:{port}/." in away.output
    assert met[0].startswith("doctor-forged-")
    assert "an answer with a state of nobody was not redeemed" in " ".join(there.output.split())
    assert "the clock of the service agrees" in " ".join(there.output.split())


def test_without_a_sandbox_the_command_says_what_to_start():
    """One sentence."""
    told = CliRunner().invoke(main, ["doctor", "--client", "mine", "--room", "http://localhost:1"])

    assert told.exit_code == 1
    assert "start one with `make demo`, or name the one that runs with --room" in told.output


def test_the_room_is_looked_for_where_the_ports_were_moved(monkeypatch):
    """Whoever started everything with PORT_BASE says it once."""
    monkeypatch.setenv("PORT_BASE", "20300")
    told = CliRunner().invoke(main, ["doctor", "--client", "mine"])

    assert told.exit_code == 1
    assert "No control room answers at http://localhost:20325:" in told.output


def test_an_application_that_is_no_control_room_rotates_nothing(world):
    """The keys are not said to be new when nobody changed them."""
    with Served(world.broker.app) as address:
        told = CliRunner().invoke(
            main, ["doctor", "--client", "mine", "--room", address, "--rotate"]
        )

    assert told.exit_code == 1
    assert f"{address} is no control room." in told.output


class Served:
    """An application on a real port, while the block runs."""

    def __init__(self, app, port=0):
        self.app, self.port = app, port

    def __enter__(self):
        with socket.create_server(("127.0.0.1", self.port)) as probe:
            port = probe.getsockname()[1]
        self.servers = Servers({f"127.0.0.1:{port}": self.app})
        self.thread = Thread(target=self.servers.run, daemon=True)
        self.thread.start()
        return f"http://localhost:{port}"

    def __exit__(self, *_):
        self.servers.stop()
        self.thread.join(5)
