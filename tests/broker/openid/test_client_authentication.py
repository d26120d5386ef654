"""How services prove who they are: one method each, as registered."""

import base64
import itertools
import json
from urllib.parse import quote_plus

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.service import API, Service, body

EC = ECKey.generate_key("P-256", {"use": "sig", "kid": "ec"}, private=True)
RSA = RSAKey.generate_key(2048, {"use": "sig", "kid": "rsa"}, private=True)
COMMON = {
    "redirect_uris": ["http://localhost:8081/callback"],
    "scopes": ["openid", "given_name"],
    "consent": "information",
}
KEYS = {"keys": [EC.as_dict(private=False), RSA.as_dict(private=False)]}
CLIENTS = {
    "basic": {
        **COMMON,
        "name": "Basic",
        "client_id": "basic~service.1",
        "client_secret": "demonstration-secret: of 100% é & + characters",
        "client_auth": "client_secret_basic",
    },
    "post": {
        **COMMON,
        "name": "Post",
        "client_id": "post-service",
        "client_secret": "demonstration-secret-post-0123456789abcdef012345",
        "client_auth": "client_secret_post",
    },
    "signing": {
        **COMMON,
        "name": "Signing",
        "client_id": "signing-service",
        "client_auth": "private_key_jwt",
        "jwks": KEYS,
    },
    "older": {
        **COMMON,
        "name": "Older",
        "client_id": "older-service",
        "client_auth": "private_key_jwt",
        "jwks": KEYS,
        "legacy_assertion_audience": True,
    },
    "public": {**COMMON, "name": "Public", "client_id": "public-service", "client_auth": "none"},
}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_numbers = itertools.count()


@pytest.fixture
def world(make_world):
    return make_world({"clients": CLIENTS})


def secret(service):
    return {"client_id": service.client_id, "client_secret": service.secret}


def header(service, *, quoted=True):
    encode = base64.b64encode
    pair = (service.client_id, service.secret)
    if quoted:
        pair = tuple(quote_plus(half) for half in pair)
    return {"Authorization": f"Basic {encode(':'.join(pair).encode()).decode()}"}


def assertion(service, key=EC, typ="client-authentication+jwt", **changes):
    now = int(service.world.clock())
    claims = {
        "iss": service.client_id,
        "sub": service.client_id,
        "aud": service.issuer,
        "exp": now + 60,
        "jti": f"jti-{next(_numbers)}",
        **changes,
    }
    alg = "ES256" if key is EC else changes.pop("alg", "RS256")
    claims.pop("alg", None)
    token = jwt.encode({"alg": alg, "kid": key.kid, "typ": typ}, claims, key, algorithms=[alg])
    return {"client_assertion_type": ASSERTION, "client_assertion": token}


def ask(service, form, headers=None, path="/introspect"):
    return service.call("POST", API + path, {"token": "x", **form}, headers)


WAYS = {
    "basic": lambda s: ({}, header(s)),
    "post": lambda s: (secret(s), None),
    "signing": lambda s: (assertion(s), None),
    "signing with RSA": lambda s: (assertion(s, RSA), None),
    "signing with PSS": lambda s: (assertion(s, RSA, alg="PS256"), None),
}


@pytest.mark.parametrize("path", ["/introspect", "/token/revocation"])
@pytest.mark.parametrize(("key", "way"), WAYS.items())
def test_the_registered_method_is_accepted(world, key, way, path):
    """Secrets of any characters, in the header form-encoded (RFC 6749 §2.3.1)."""
    service = Service(world, key.split()[0])

    assert ask(service, *way(service), path=path).status == 200


OTHERS = [
    (registered, used)
    for registered in ("basic", "post", "signing", "public")
    for used in ("basic", "post", "signing", "none")
    if used not in (registered, {"public": "none"}.get(registered))
]


@pytest.mark.parametrize(("registered", "used"), OTHERS)
def test_another_method_is_refused(world, registered, used):
    """Row 21 (CVE-2024-45160): whatever would have been right for somebody else."""
    service = Service(world, registered)
    service.secret = service.secret or "x" * 40
    form, headers = {
        "basic": lambda: ({}, header(service)),
        "post": lambda: (secret(service), None),
        "signing": lambda: (assertion(service), None),
        "none": lambda: ({"client_id": service.client_id}, None),
    }[used]()

    answer = ask(service, form, headers)

    assert (answer.status, body(answer)["error"]) == (401, "invalid_client")
    assert answer.header("www-authenticate").startswith("Basic")


def test_two_proofs_at_once_are_refused(world):
    """RFC 6749 §2.3: an assertion and a secret, a header and a form."""
    service = Service(world, "signing")
    answer = ask(service, {**assertion(service), "client_secret": "x" * 40})

    assert (answer.status, body(answer)["error"]) == (400, "invalid_request")


def test_the_identifier_beside_an_assertion_must_be_the_same(world):
    """Row 21: client_id of somebody else in the form."""
    service = Service(world, "signing")

    answer = ask(service, {**assertion(service), "client_id": "post-service"})

    assert answer.status == 400


def test_a_public_client_proves_itself_by_its_verifier(world, browser):
    """Row 20: without it no token, and the code of another login does not help."""
    service = Service(world, "public")
    code = service.login(browser)["code"]
    form = {"client_id": service.client_id}

    without = service.redeem(code, code_verifier=None, **form)
    tokens = service.redeem(code, **form)

    assert without.status == 400
    assert tokens.status == 200


def test_an_older_service_may_name_the_token_endpoint(world):
    """The switch of the settings, and nobody else's: logged each time it is used."""
    older, strict = Service(world, "older"), Service(world, "signing")
    address = f"{older.issuer}/token"

    assert ask(older, assertion(older, typ="JWT", aud=address)).status == 200
    assert ask(older, assertion(older, typ="JWT")).status == 200
    assert ask(older, assertion(older, typ="JWT", aud=[address, "x"])).status == 401
    assert ask(strict, assertion(strict, typ="JWT", aud=address)).status == 401
    assert ask(strict, assertion(strict, aud=address)).status == 401


def test_the_older_audience_is_told_to_the_log(world, caplog, capfd):
    """An operator sees who still has to change."""
    older = Service(world, "older")

    ask(older, assertion(older, aud=f"{older.issuer}/token"))

    assert "legacy assertion audience" in caplog.text + "".join(capfd.readouterr())


LIVES = [(690, 401), (600, 200), (-61, 401), (-30, 200)]


@pytest.mark.parametrize(("seconds", "status"), LIVES)
def test_an_assertion_lives_ten_minutes_at_most(world, seconds, status):
    """Ten minutes ahead, a minute of difference between clocks."""
    service = Service(world, "signing")
    end = int(world.clock()) + seconds

    assert ask(service, assertion(service, exp=end)).status == status


BAD_HEADERS = {
    "zip": {"zip": "DEF"},
    "jwk": {"jwk": EC.as_dict(private=False)},
    "jku": {"jku": "https://evil.example/keys"},
    "x5u": {"x5u": "https://evil.example/cert"},
    "b64": {"b64": False},
    "alg none": {"alg": "none"},
    "alg HS256": {"alg": "HS256"},
}


@pytest.mark.parametrize("change", BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_a_header_that_chooses_its_own_rules_is_refused(world, change):
    """Rows 40 and 41 (CVE-2026-27962): whatever the signature."""
    service = Service(world, "signing")
    proof = assertion(service)
    first, payload, signature = proof["client_assertion"].split(".")
    made = {"alg": "ES256", "kid": "ec", "typ": "client-authentication+jwt", **change}
    text = base64.urlsafe_b64encode(json.dumps(made).encode()).rstrip(b"=").decode()
    proof["client_assertion"] = f"{text}.{payload}.{signature}"

    assert first != text
    assert ask(service, proof).status == 401


def test_a_huge_assertion_is_not_even_parsed(world):
    """Row 41 (CVE-2025-61920): sixteen kilobytes are the limit, a segment more is none."""
    service = Service(world, "signing")

    for token in ("a" * 20_000 + ".b.c", "a.b.c.d.e", "." * 5000, "a..c"):
        proof = {"client_assertion_type": ASSERTION, "client_assertion": token}
        assert ask(service, proof).status == 401
