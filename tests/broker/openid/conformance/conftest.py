"""One provider for the plans, and a client as their operator would register it."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from sandbox.journeys import Visitor
from sandbox.world import World
from sandbox.wsgi import Answer
from tests.service import API, Service, bearer, body

OWN_KEY = RSAKey.generate_key(2048, {"use": "sig", "kid": "own", "alg": "RS256"}, private=True)
COMMON = {
    "redirect_uris": ["http://localhost:8081/callback"],
    "post_logout_redirect_uris": ["http://localhost:8081/"],
    "scopes": ["openid", "profile", "email"],
    "consent": "information",
    "id_token_signed_alg": "RS256",
}
CLIENTS = {
    "basic": {
        **COMMON,
        "name": "Certification",
        "client_id": "certification",
        "client_secret": "demonstration-secret-certification-0123456789",
        "client_auth": "client_secret_basic",
        "jwks": {"keys": [OWN_KEY.as_dict(private=False)]},
        "backchannel_logout_uri": "http://localhost:8099/backchannel_logout",
    },
    "post": {
        **COMMON,
        "name": "Certification by form",
        "client_id": "certification-post",
        "client_secret": "demonstration-secret-certification-post-01234",
        "client_auth": "client_secret_post",
    },
}


@dataclass
class Client:
    """A relying party of the plans: no PKCE unless asked, the answer in `mode`."""

    service: Service
    mode: str
    sent: dict[str, Any] = field(default_factory=dict)

    def params(self, **changes: Any) -> dict[str, Any]:
        ordinary: dict[str, Any] = {
            "scope": "openid",
            "code_challenge": None,
            "code_challenge_method": None,
        }
        if self.mode != "query":
            ordinary["response_mode"] = self.mode
        return {**ordinary, **changes}

    def authorize(self, browser: Visitor, **changes: Any) -> dict[str, str]:
        """The whole trip of the browser; what came back, checked for state and issuer."""
        self.sent = self.service.params(**self.params(**changes))
        browser.hops.clear()
        self.service.login(browser, **self.params(**changes))
        answer = browser.sent_back()
        assert answer["state"] == self.sent["state"]
        assert answer["iss"] == self.service.issuer
        assert self._carried(browser)
        return answer

    def start(self, browser: Visitor, **changes: Any) -> Any:
        browser.hops.clear()
        return self.service.start(browser, **self.params(**changes))

    def tokens(self, code: str, **changes: Any) -> dict[str, Any]:
        return self.service.tokens(code, **{"code_verifier": None, **changes})

    def redeem(self, code: str) -> Answer:
        return self.service.redeem(code, code_verifier=None)

    def flow(self, browser: Visitor, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """A login to its end: the tokens, and the claims of a good ID token."""
        tokens = self.tokens(self.authorize(browser, **changes)["code"])
        return tokens, self.checked(tokens)

    def checked(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """The checks that every module makes of an ID token (OIDC Core §3.1.3.7)."""
        assert tokens["token_type"].lower() == "bearer"
        assert tokens["expires_in"] > 0
        claims, now = self.service.id_token(tokens), self.service.world.clock()
        assert claims["iss"] == self.service.issuer
        assert claims["aud"] in (self.service.client_id, [self.service.client_id])
        assert 0 < len(claims["sub"]) <= 255
        assert claims["sub"].isascii()
        assert claims["iat"] <= now < claims["exp"]
        assert claims.get("nonce") == self.sent.get("nonce")
        return claims

    def userinfo(self, tokens: dict[str, Any]) -> dict[str, Any]:
        answer = self.service.call("GET", f"{API}/userinfo", headers=bearer(tokens["access_token"]))
        assert answer.status == 200
        assert answer.header("content-type").startswith("application/json")
        return json.loads(answer.body)

    def metadata(self) -> dict[str, Any]:
        return body(self.service.call("GET", f"{API}/.well-known/openid-configuration"))

    def _carried(self, browser: Visitor) -> bool:
        landed = next(h for h in browser.hops if h.url.startswith(self.service.redirect_uri))
        return (landed.method, "?" in landed.url) == (
            ("POST", False) if self.mode == "form_post" else ("GET", True)
        )


@pytest.fixture(scope="module")
def world():
    """One world for a file: each test brings a browser of its own."""
    with World.build({"clients": CLIENTS}) as world:
        yield world


@pytest.fixture(params=["query", "form_post"])
def client(world, request):
    """The client of Basic OP, then of Form Post OP."""
    return Client(Service(world, "basic"), request.param)


@pytest.fixture
def op(world):
    """The client of the other plans."""
    return Client(Service(world, "basic"), "query")
