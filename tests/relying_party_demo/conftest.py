"""
A small broker of our own, the two services in front of it, and a browser that walks between them.

The broker shares no code with the product: it issues honest answers, and lies on demand.
"""

import base64
import hashlib
import secrets
import socket
import threading
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey
from requests.adapters import BaseAdapter
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import Client

from relying_party_demo.outside import Outside
from relying_party_demo.pages.languages import catalogues
from relying_party_demo.portal import app as portal_app
from relying_party_demo.sample import app as sample_app
from relying_party_demo.settings import load
from tests.space_answers import answers

NOON = 1_795_518_000.0  # Tuesday 24 November 2026, 12:00 in Paris
PERSON = {
    "sub": "pairwise-of-claire",
    "given_name": "Claire Anne",
    "family_name": "DURAND",
    "preferred_username": "MARTIN",
    "birthdate": "1985-03-27",
    "email": "claire@exemple.fr",
    "idp_id": "tax",
    "account_id": "acc-1",
    "account_status": "created",
    "match": "exact",
}
ACCOUNT = {
    "account_id": "acc-1",
    "status": "active",
    "created_at": "2026-11-24T11:00:00Z",
    "holder": {
        "family_name": "DURAND",
        "usage_name": "MARTIN",
        "given_names": ["Claire", "Anne"],
        "birthdate": "1985-03-27",
    },
    "nir_masked": "2 85 03 •• ••• ••• ••",
    "rights": {"open": True, "scheme": "general", "fund": "CPAM du Rhône"},
    "links": [{"provider": "tax", "linked_at": "2026-11-24T11:00:00Z", "match": "exact"}],
    "contact": {"email_masked": "c•••••@exemple.fr", "mobile_masked": None},
    "added_later": "what this portal does not know",
}


class Clock:
    """Unix seconds that pass when told to."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def advance(self, seconds):
        self.now += seconds


@dataclass
class Broker:
    """
    A broker of two services. `lies` changes what it says, by name:

    `discovery`, `jwks`, `callback`, `header`, `id_token`, `token`, `userinfo`, `signed`, `pass`,
    `account`: a function of the honest content; `sign`: a function of header and claims in place
    of the signature; `status`, `body`: what a path answers instead.
    """

    issuer: str
    clock: Clock
    clients: dict
    person: dict = field(default_factory=lambda: dict(PERSON))
    account: dict = field(default_factory=lambda: dict(ACCOUNT))
    space: dict = field(default_factory=answers)
    asked: list = field(default_factory=list)
    lies: dict = field(default_factory=dict)
    seen: list = field(default_factory=list)
    codes: dict = field(default_factory=dict)
    tokens: dict = field(default_factory=dict)
    signed_userinfo: bool = False
    level: str = "eidas1"
    away: bool = False

    def __post_init__(self):
        self.key = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig", "alg": "ES256"})
        self.root = urlsplit(self.issuer).path
        self.app = Flask("fake_broker")
        self.app.testing = True
        self.app.before_request(self._before)
        for method, path, view in (
            ("GET", "/.well-known/openid-configuration", self._discovery),
            ("GET", "/jwks", self._jwks),
            ("GET", "/authorize", self._authorize),
            ("POST", "/token", self._token),
            ("GET", "/userinfo", self._userinfo),
            ("GET", "/session/end", self._end),
        ):
            self.app.add_url_rule(f"{self.root}{path}", path, view, methods=[method])
        insured, every = "/api/insured/v1", ["GET", "POST", "PUT", "DELETE"]
        self.app.add_url_rule(f"{insured}/accounts/<account_id>", "account", self._account)
        for name, path in (
            ("space", "accounts/<account_id>/<path:what>"),
            ("certificate", "certificates/<code>"),
        ):
            rule = f"{insured}/{path}"
            self.app.add_url_rule(rule, name, self._space, methods=every)

    def lie(self, name, content):
        return self.lies[name](content) if name in self.lies else content

    def callback(self, url, error=None, description=None):
        """The address the broker sends a browser back to, when asked with `url`."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == self.clients[asked["client_id"]]["redirect_uri"]
        query = {"state": asked["state"], "iss": self.issuer}
        if error:
            query |= {"error": error}
            query |= {"error_description": description} if description else {}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            query["code"] = code
        return f"{asked['redirect_uri']}?{urlencode(self.lie('callback', query), doseq=True)}"

    def sign(self, claims):
        header = self.lie("header", {"alg": "ES256", "kid": self.key.kid})
        if "sign" in self.lies:
            return self.lies["sign"](header, claims)
        return jwt.encode(header, claims, self.key)

    def id_token(self, asked, access_token):
        now = int(self.clock())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        return {
            "iss": self.issuer,
            "sub": self.person["sub"],
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 600,
            "auth_time": now - 30,
            "nonce": asked["nonce"],
            "acr": self.level,
            "at_hash": _base64url(half),
            "sid": "session-1",
        }

    def _before(self):
        path = request.path.removeprefix(self.root)
        self.seen.append(f"{request.method} {path}")
        if path in self.lies.get("status", {}):
            status = self.lies["status"][path]
            return Response("{}", status, {"Location": "http://localhost:1/"})
        if path in self.lies.get("body", {}):
            return Response(self.lies["body"][path], content_type="application/json")
        return None

    def _client(self):
        if request.authorization:
            used = "client_secret_basic"
            name, secret = request.authorization.username, request.authorization.password
        else:
            used = "client_secret_post"
            name, secret = request.form.get("client_id"), request.form.get("client_secret")
        known = self.clients.get(name, {"secret": None, "auth": None})
        return name if known["secret"] == secret and known["auth"] == used else None

    def _bearer(self):
        return self.tokens.get(request.headers["Authorization"].removeprefix("Bearer "))

    def _discovery(self):
        here = self.issuer
        document = {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "userinfo_endpoint": f"{here}/userinfo",
            "jwks_uri": f"{here}/jwks",
            "end_session_endpoint": f"{here}/session/end",
        }
        return jsonify(self.lie("discovery", document))

    def _jwks(self):
        return jsonify(self.lie("jwks", {"keys": [self.key.as_dict(private=False)]}))

    def _authorize(self):
        again = self.callback(request.url)
        return f'<!doctype html><html lang="fr"><title>b</title><a id="go" href="{again}">Go</a>'

    def _token(self):
        client_id = self._client()
        if client_id is None:
            return jsonify(error="invalid_client"), 401
        token = secrets.token_urlsafe(24)
        if request.form["grant_type"] == "client_credentials":
            self.tokens[token] = request.form["scope"]
            return jsonify(
                self.lie("pass", {"access_token": token, "token_type": "Bearer", "expires_in": 600})
            )
        asked = self.codes.pop(request.form["code"], None)
        proof = _base64url(hashlib.sha256(request.form["code_verifier"].encode()).digest())
        if not asked or asked["client_id"] != client_id or asked["code_challenge"] != proof:
            return jsonify(error="invalid_grant"), 400
        self.tokens[token] = asked["client_id"]
        reply = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": self.sign(self.lie("id_token", self.id_token(asked, token))),
            "scope": asked["scope"],
        }
        return jsonify(self.lie("token", reply))

    def _userinfo(self):
        client_id = self._bearer()
        if client_id is None:
            return jsonify(error="invalid_token"), 401
        claims = self.lie("userinfo", dict(self.person))
        if not self.signed_userinfo:
            return jsonify(claims)
        claims = self.lie("signed", {"iss": self.issuer, "aud": client_id, **claims})
        return Response(self.sign(claims), content_type="application/jwt")

    def _end(self):
        query = urlencode({"state": request.args["state"]})
        return redirect(f"{request.args['post_logout_redirect_uri']}?{query}")

    def _account(self, account_id):
        if self._bearer() != "insured":
            return jsonify(error="invalid_token", error_description="no such token"), 401
        if account_id != self.account["account_id"]:
            return jsonify(error="not_found", error_description="no such account"), 404
        return jsonify(self.lie("account", self.account))

    def _space(self, what="", account_id=None, code=""):
        """An answer of `space` by its name; `asked` keeps (name, query, body, key)."""
        if self._bearer() != "insured":
            return jsonify(error="invalid_token", error_description="no such token"), 401
        name = f"{request.method} {what or f'certificates/{code}'}"
        self.asked.append(
            (
                name,
                request.query_string.decode(),
                request.get_json(silent=True),
                request.headers.get("Idempotency-Key"),
            )
        )
        known = account_id in {None, self.account["account_id"]}
        if not known or name not in self.space:
            return jsonify(error="not_found", error_description="no such account"), 404
        found = self.space[name]
        content, status = found if isinstance(found, tuple) else (found, 200)
        if name == "GET dashboard" and status == 200:
            content = {**self.lie("account", self.account), **content}
        return jsonify(content), status


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class WsgiAdapter(BaseAdapter):
    """Carries calls of `requests` to the broker in this process, unless it is away."""

    def __init__(self, broker):
        super().__init__()
        self.broker = broker

    def send(self, call, **_limits):
        if self.broker.away:
            raise requests.ConnectionError("connection refused")
        parts = urlsplit(call.url)
        given = Client(self.broker.app).open(
            parts.path,
            method=call.method,
            query_string=parts.query,
            headers=dict(call.headers),
            data=call.body,
            base_url=f"{parts.scheme}://{parts.netloc}",
        )
        answer = requests.Response()
        answer.status_code, answer.raw = given.status_code, BytesIO(given.get_data())
        answer.headers.update(given.headers)
        answer.url, answer.request = call.url, call
        return answer

    def close(self):
        pass


class Visitor:
    """One browser at one service."""

    def __init__(self, app, broker):
        self.app, self.broker = app, broker
        self.client = app.test_client()

    def get(self, path, **options):
        """A page, redirects within the service not followed."""
        return self.client.get(path, **options)

    def post(self, path, form=None, page="/connexion", **options):
        """Press a button of `page`: its form token goes along."""
        token = self.token(page)
        return self.client.post(path, data={"csrf_token": token, **(form or {})}, **options)

    def token(self, page):
        """The token of the forms of a page, or of the first one when that one redirects."""
        answer = self.client.get(page)
        text = answer.text if answer.status_code == 200 else self.client.get("/").text
        return text.split('name="csrf_token" value="')[1].split('"')[0]

    def start(self):
        """The address at the broker that the button leads to."""
        page = "/connexion" if "portal" in self.app.name else "/"
        answer = self.post("/connexion/passerelle", page=page)
        assert answer.status_code == 303
        return answer.headers["Location"]

    def come_back(self, callback):
        """The answer of the service to the return from the broker."""
        parts = urlsplit(callback)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self):
        """The whole trip; the answer to the return."""
        return self.come_back(self.broker.callback(self.start()))

    def ended(self, answer):
        """The page that says why a login ended, after following its redirect."""
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"].startswith("/connexion/suite/")
        return self.client.get(answer.headers["Location"])


def document(ports=(8000, 8080, 8081), **portal):
    """A config.toml, as read."""
    broker, front, sample = (f"http://localhost:{port}" for port in ports)
    return {
        "mode": "demonstration",
        "brand": {"name": "Passerelle"},
        "portal": {
            "public_url": front,
            "listen": "127.0.0.1:8080",
            "secret": "test-secret-of-the-portal-0123456789abcdef",
            "broker_issuer": f"{broker}/api/v2",
            "client_id": "ameli-portal",
            "client_secret": "test-secret-of-the-client-0123456789abcdef",
            "scope": "openid identite_pivot preferred_username email idp_id account",
            "back_channel_url": f"{broker}/api/insured/v1",
            **portal,
        },
        "sample_service": {
            "public_url": sample,
            "listen": "127.0.0.1:8081",
            "secret": "test-secret-of-the-sample-0123456789abcdef",
            "broker_issuer": f"{broker}/api/v2",
            "client_id": "sample-service",
            "client_secret": "test-secret-of-the-sample-client-0123456789abcdef",
            "scope": "openid given_name family_name birthdate email",
        },
    }


def broker_for(settings, clock):
    """The broker that knows the services of these settings."""
    services = (settings.portal, settings.sample_service)
    clients = {
        service.client_id: {
            "secret": service.client_secret,
            "auth": service.client_auth,
            "redirect_uri": service.redirect_uri,
        }
        for service in services
    }
    return Broker(settings.portal.broker_issuer, clock, clients)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settings(tmp_path):
    read = document(database=f"sqlite:///{tmp_path}/portal.sqlite")
    read["sample_service"]["database"] = f"sqlite:///{tmp_path}/sample.sqlite"
    return load(read, {})


@pytest.fixture
def broker(settings, clock):
    return broker_for(settings, clock)


@pytest.fixture
def outside(broker, clock):
    http = requests.Session()
    http.mount("http://", WsgiAdapter(broker))
    return Outside(http=http, clock=clock)


@pytest.fixture
def portal(settings, outside, broker):
    """A browser at the portal."""
    return Visitor(portal_app.create_app(settings, outside), broker)


@pytest.fixture(scope="session")
def shared_portal(tmp_path_factory):
    """A portal whose broker is never asked anything, shared by the tests that only read pages."""
    url = f"sqlite:///{tmp_path_factory.mktemp('reader')}/portal.sqlite"
    outside = Outside(clock=Clock())
    yield portal_app.create_app(load(document(database=url), {}), outside)
    outside.http.close()


@pytest.fixture(scope="session")
def visitor_of():
    """A new browser at a portal: `visitor_of(app, broker)`."""
    return Visitor


@pytest.fixture
def reader(shared_portal):
    """A browser that only reads pages."""
    return Visitor(shared_portal, None)


@pytest.fixture
def sample(settings, outside, broker):
    """A browser at the sample service."""
    return Visitor(sample_app.create_app(settings, outside), broker)


@pytest.fixture
def make_portal(settings, outside, broker, tmp_path):
    """A portal with other settings: `make_portal(acr_values="eidas2")`."""
    made = iter(range(100))

    def make(mode="demonstration", **changes):
        url = f"sqlite:///{tmp_path}/portal-{next(made)}.sqlite"
        table = settings.portal.model_copy(update={"database": url, **changes})
        read = settings.model_copy(update={"portal": table, "mode": mode})
        return Visitor(portal_app.create_app(read, outside), broker)

    return make


@pytest.fixture
def another_browser(portal, broker):
    """A second browser at the same portal."""
    return Visitor(portal.app, broker)


@pytest.fixture(scope="session")
def lasting(tmp_path_factory):
    """Make a portal with its broker and clock for tests that put back what they change."""
    made = []

    def make():
        folder = tmp_path_factory.mktemp("lasting")
        read = document(database=f"sqlite:///{folder}/portal.sqlite")
        read["sample_service"]["database"] = f"sqlite:///{folder}/sample.sqlite"
        settings, clock, http = load(read, {}), Clock(), requests.Session()
        broker = broker_for(settings, clock)
        http.mount("http://", WsgiAdapter(broker))
        made.append(http)
        return portal_app.create_app(settings, Outside(http=http, clock=clock)), broker, clock

    yield make
    for http in made:
        http.close()


# --- the same on real ports, for the real browser -----------------------------------------------


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class Quiet(WSGIRequestHandler):
    """A server that does not print what it is asked."""

    def log(self, *_line):
        pass


@dataclass
class Town:
    """Addresses of the portal and the sample service, with their broker and clock."""

    portal: str
    sample: str
    broker: Broker
    clock: Clock


@pytest.fixture
def town(tmp_path):
    """The broker, the portal and the sample service on real ports."""
    ports = free_ports(3)
    read = document(ports, database=f"sqlite:///{tmp_path}/portal.sqlite")
    read["sample_service"]["database"] = f"sqlite:///{tmp_path}/sample.sqlite"
    settings, clock = load(read, {}), Clock()
    broker = broker_for(settings, clock)
    with requests.Session() as http:
        outside = Outside(http=http, clock=clock)
        apps = (
            broker.app,
            portal_app.create_app(settings, outside),
            sample_app.create_app(settings, outside),
        )
        servers = [
            make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
            for port, app in zip(ports, apps, strict=True)
        ]
        threads = [
            threading.Thread(target=server.serve_forever, args=(0.01,)) for server in servers
        ]
        for thread in threads:
            thread.start()
        yield Town(settings.portal.public_url, settings.sample_service.public_url, broker, clock)
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture(scope="session", params=catalogues(), ids=lambda folder: folder.parent.name)
def catalogue(request):
    """Where the sentences of one set of pages are kept."""
    return request.param
