"""
A tiny relying party of its own, which verifies with joserfc whatever a mock provider says.

It shares no code with the providers room: a misreading there would not be repeated here.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, KeySet

from mock_idps.app import create_app
from mock_idps.outside import Outside
from mock_idps.settings import load

NOON = 1_772_359_200.0  # 1 March 2026, 11:00 in Paris
CALLBACK = "http://broker.test/callback/mock"
SECRET = "a-secret-for-tests-only-0123456789abcdef"
SIGNING = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
READING = ECKey.generate_key("P-256", {"use": "enc"}, auto_kid=True)
ALL_DIALECTS = ("plain", "tax", "postal", "msa", "mobile", "ameli")
VICTIM = {
    "issuer": "http://honest.test",
    "client_id": "broker",
    "authorization_endpoint": "http://honest.test/authorize",
    "token_endpoint": "http://honest.test/token",
    "jwks_uri": "http://honest.test/jwks",
    "callback": "http://broker.test/callback/honest",
}


class Clock:
    """A clock that moves when told."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


def settings_for(dialect, **changes):
    """Settings of one issuer in that dialect."""
    table = {
        "issuer": "http://mock.test",
        "title": "Mock (fictif)",
        "client_id": "broker",
        "client_secret": SECRET,
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": ["http://broker.test/bye"],
        "dialect": dialect,
        "client_jwks": [SIGNING.as_dict(private=False), READING.as_dict(private=False)],
        "victims": [VICTIM] if dialect == "attacker" else [],
        **changes,
    }
    return load({"mock_idps": {"mock": table}})[0]


@dataclass
class Trip:
    """One authorization request, and what came back of it."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    location: str = ""

    @property
    def challenge(self):
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def address(self):
        return self.location.partition("?")[0]

    @property
    def answer(self):
        return dict(parse_qsl(urlsplit(self.location).query))


class RelyingParty:
    """Speaks to one mock through a test client, in the dialect of its settings."""

    def __init__(self, dialect="plain", *, clock=None, outside=None, **changes):
        self.clock = clock or Clock()
        self.slept = []
        self.settings = settings_for(dialect, **changes)
        self.outside = outside or Outside(self.clock, secrets.token_bytes, self.slept.append)
        self.outside = replace(self.outside, clock=self.clock)
        self.app = create_app(self.settings, self.outside)
        self.browser: FlaskClient = self.app.test_client()
        self.back: FlaskClient = self.app.test_client(use_cookies=False)
        self.way = self.settings.speaks.client_auth[0]

    def request(self, trip, **changes):
        parameters = {
            "client_id": "broker",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid profile birth email",
            "state": trip.state,
            "nonce": trip.nonce,
            "acr_values": "eidas1",
            "code_challenge": trip.challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    def start(self, trip=None, *, headers=None, **changes):
        """The answer of the authorization endpoint."""
        sent = self.request(trip or Trip(), **changes)
        if self.settings.speaks.requires_par:
            pushed = self.post("/par", sent)
            assert pushed.status_code == 201, pushed.json
            sent = {"client_id": "broker", "request_uri": pushed.json["request_uri"]}
        return self.browser.get("/authorize", query_string=sent, headers=headers)

    def sign_in(self, hint="persona:claire", **changes):
        """A whole front-channel trip by silent choice."""
        trip = Trip()
        trip.location = self.start(trip, login_hint=hint, **changes).location
        return trip

    def credentials(self, **changes):
        """Form fields and headers that prove the client, in the way of the dialect."""
        if self.way == "private_key_jwt":
            kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            return {
                "client_assertion_type": kind,
                "client_assertion": self.assertion(**changes),
            }, {}
        if self.way == "client_secret_basic":
            text = urlsafe_b64encode(f"broker:{SECRET}".encode()).decode()
            return {}, {"Authorization": f"Basic {text}"}
        return {"client_id": "broker", "client_secret": SECRET}, {}

    def assertion(self, **changes):
        claims = {
            "iss": "broker",
            "sub": "broker",
            "aud": "http://mock.test",
            "exp": int(self.clock()) + 60,
            "jti": secrets.token_hex(8),
            **changes,
        }
        return jwt.encode({"alg": "ES256"}, claims, SIGNING)

    def post(self, path, form):
        proof, headers = self.credentials()
        return self.back.post(path, data={**form, **proof}, headers=headers)

    def redeem(self, trip, **changes):
        form = {
            "grant_type": "authorization_code",
            "code": trip.answer.get("code"),
            "redirect_uri": CALLBACK,
            "code_verifier": trip.verifier,
            **changes,
        }
        return self.post("/token", {name: v for name, v in form.items() if v is not None})

    def userinfo(self, tokens):
        bearer = {"Authorization": f"Bearer {tokens.json['access_token']}"}
        return self.back.get("/userinfo", headers=bearer)

    def keys(self):
        return KeySet.import_key_set(self.back.get("/jwks").json)

    def opened(self, tokens):
        """The signed ID token, out of its envelope when the dialect promises one."""
        token = tokens.json["id_token"]
        if not self.settings.speaks.encrypted_id_token:
            return token
        letter = jwe.decrypt_compact(token, READING, algorithms=["ECDH-ES+A256KW", "A256GCM"])
        return letter.plaintext.decode()

    def verified(self, token):
        """Claims of a token signed by a published key, by the algorithm of the dialect."""
        algorithm = self.settings.speaks.signing_alg
        return jwt.decode(token, self.keys(), algorithms=[algorithm]).claims

    def traits(self, userinfo):
        if self.settings.speaks.signed_userinfo:
            assert userinfo.content_type == "application/jwt"
            return self.verified(userinfo.text)
        return userinfo.json


def unverified(token):
    """Header and claims of a compact token, believed as they are."""
    parts = token.split(".")[:2]
    return [json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts]


def signed_by(token, key, algorithm="ES256"):
    """Whether that key made the signature, the header left aside."""
    body, _, signature = token.rpartition(".")
    model = jws.JWSRegistry.algorithms[algorithm]
    raw = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    return model.verify(body.encode(), raw, key)


@pytest.fixture
def party():
    """Makes a relying party for a dialect."""
    return RelyingParty


@pytest.fixture
def plain():
    return RelyingParty("plain")


@pytest.fixture
def new_trip():
    return Trip


@pytest.fixture
def tokens_read():
    """The functions that read tokens without trusting them."""
    return unverified, signed_by


@pytest.fixture(scope="session")
def shared_party():
    """One relying party for the many examples of a property; it keeps nothing between them."""
    return RelyingParty("plain")
