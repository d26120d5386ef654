"""A service written for tests: speaks OpenID Connect to the broker by hand, and hides nothing."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox.journeys import LoginPage, Visitor
from sandbox.world import World
from sandbox.wsgi import Answer, Request, call, environment

API = "/api/v2"


@dataclass
class Service:
    """One registered service; `client_id`, secret and redirect URI are those of its settings."""

    world: World
    key: str = "sample"
    secret: str = ""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def __post_init__(self):
        tables = self.world.configuration.broker.clients
        self.settings = tables[self.key]
        self.client_id = self.settings.client_id
        self.redirect_uri = self.settings.redirect_uris[0]
        self.secret = self.secret or self.settings.client_secret or ""

    @property
    def issuer(self) -> str:
        return self.world.broker.url + API

    def params(self, **changes: Any) -> dict[str, str]:
        """An ordinary authorization request; None removes a parameter."""
        challenge = hashlib.sha256(self.verifier.encode()).digest()
        ordinary = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": " ".join(s for s in self.settings.scopes if s != "amr"),
            "state": "a-state-of-the-service",
            "nonce": "a-nonce-of-the-service-0123",
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return {k: v for k, v in {**ordinary, **changes}.items() if v is not None}

    def url(self, **changes: Any) -> str:
        return f"{self.issuer}/authorize?{urlencode(self.params(**changes))}"

    def start(self, browser: Visitor, **changes: Any) -> LoginPage:
        """Send the browser to the broker."""
        return browser.open(self.url(**changes))

    def login(
        self, browser: Visitor, as_: str = "claire", via: str = "tax", **changes: Any
    ) -> dict[str, str]:
        """The whole login; returns what came back to the redirect URI."""
        self.start(browser, **changes)
        page = browser.sign_in(as_, via)
        if page.has("consent-continue"):
            page = page.accept()
        if page.has("account-continue"):
            page.click("account-continue")
        return browser.sent_back()

    def call(self, method: str, path: str, form: Any = None, headers: Any = None) -> Answer:
        """Call the broker as a program does."""
        body = urlencode(form or {}).encode()
        typed = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        url = self.world.broker.url + path
        sent = Request(method, url, {**typed, **(headers or {})}, body)
        return call(self.world.broker, environment(sent))

    def credentials(self) -> dict[str, str]:
        """What a form holds to prove who the service is; a basic client uses `basic` instead."""
        if self.settings.client_auth == "client_secret_post":
            return {"client_id": self.client_id, "client_secret": self.secret}
        return {}

    def basic(self) -> dict[str, str]:
        if self.settings.client_auth != "client_secret_basic":
            return {}
        pair = f"{self.client_id}:{self.secret}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def post(self, path: str, **form: Any) -> Answer:
        """Call an endpoint as the authenticated service."""
        fields = {k: v for k, v in {**self.credentials(), **form}.items() if v is not None}
        return self.call("POST", API + path, fields, self.basic())

    def redeem(self, code: str, **changes: Any) -> Answer:
        """Exchange the code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            **changes,
        }
        return self.post("/token", **form)

    def tokens(self, code: str, **changes: Any) -> dict[str, Any]:
        """The tokens of a code that is good."""
        answer = self.redeem(code, **changes)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def userinfo(self, access_token: str) -> Answer:
        return self.call("GET", f"{API}/userinfo", headers=bearer(access_token))

    def keys(self) -> KeySet:
        return KeySet.import_key_set(body(self.call("GET", f"{API}/jwks")))

    def id_token(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """The claims of the ID token, its signature verified against the published keys."""
        return jwt.decode(tokens["id_token"], self.keys(), algorithms=["ES256", "RS256"]).claims

    def sub(self, browser: Visitor, as_: str = "claire", via: str = "tax", **changes: Any) -> str:
        """The `sub` of that person for this service."""
        tokens = self.tokens(self.login(browser, as_, via, **changes)["code"])
        return self.id_token(tokens)["sub"]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def body(answer: Answer) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.body)


@pytest.fixture
def sample(world: World) -> Service:
    """The private service without account."""
    return Service(world, "sample")


@pytest.fixture
def ameli(world: World) -> Service:
    """The portal's registration, driven by hand."""
    return Service(world, "ameli")
