"""Requests that a sceptical caller makes: each has one answer, and it names what was wrong."""

import base64
import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.service import API, Service, bearer, body

KEY = ECKey.generate_key("P-256", {"use": "sig", "kid": "s"}, private=True)
OTHER = ECKey.generate_key("P-256", {"use": "sig", "kid": "s"}, private=True)
COMMON = {
    "redirect_uris": ["http://localhost:8081/callback"],
    "scopes": ["openid", "given_name"],
    "consent": "information",
    "jwks": {"keys": [KEY.as_dict(private=False)]},
}
CLIENTS = {
    "signing": {
        **COMMON,
        "name": "Signing",
        "client_id": "signing",
        "client_secret": "demonstration-secret-signing-0123456789abcdef",
        "client_auth": "client_secret_post",
    },
    "older": {
        **COMMON,
        "name": "Older",
        "client_id": "older",
        "client_auth": "private_key_jwt",
        "legacy_assertion_audience": True,
    },
    "public": {**COMMON, "name": "Public", "client_id": "public", "client_auth": "none"},
}


@pytest.fixture
def world(make_world):
    """The demonstration with services that sign."""
    return make_world({"clients": CLIENTS})


@pytest.fixture
def signing(world):
    """A service that signs its requests."""
    return Service(world, "signing")


def signed(service, key=KEY, header=None, **changes):
    """A request object."""
    claims = {"iss": service.client_id, "aud": service.issuer, **service.params(), **changes}
    return jwt.encode({"alg": "ES256", "kid": "s", **(header or {})}, claims, key)


def answered(service, browser, **changes):
    """What the service gets back at once; nothing while a page is shown."""
    page = service.start(browser, **changes)
    return {} if page.path.endswith("/providers") else browser.sent_back()


BAD = {
    "unsigned": "eyJhbGciOiJub25lIn0.e30.",
    "five parts": "a.b.c.d.e",
    "no JSON": "eA.eA.eA",
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_a_bad_request_object_is_named(signing, browser, token):
    """The message names the parameter and the rule it broke."""
    answer = answered(signing, browser, request=token)

    assert answer["error"] == "invalid_request_object"
    assert answer["error_description"].startswith("request: ")


def test_a_request_signed_by_another_key_is_named(signing, browser):
    """So does a signature that does not verify."""
    answer = answered(signing, browser, request=signed(signing, OTHER))

    assert answer["error_description"].startswith("request: its signature does not verify")


TYPES = {
    "oauth-authz-req+jwt": True,
    "application/oauth-authz-req+jwt": True,
    "JWT": True,
    None: True,
    "client-authentication+jwt": False,
    "logout+jwt": False,
    "at+jwt": False,
    "dpop+jwt": False,
    "": False,
}


@pytest.mark.parametrize(("typ", "accepted"), TYPES.items())
def test_a_token_signed_for_another_use_is_no_request(signing, browser, typ, accepted):
    """Row 30 (CVE-2023-0657): the type, where there is one, is that of a request (RFC 9101)."""
    header = {} if typ is None else {"typ": typ}
    answer = answered(signing, browser, request=signed(signing, header=header))

    assert (answer == {}) is accepted
    assert accepted or answer["error_description"].startswith("request: typ must be")


@pytest.mark.parametrize(
    ("typ", "status"), [("JWT", 200), (None, 200), ("oauth-authz-req+jwt", 401)]
)
def test_a_request_is_no_proof_even_for_an_older_service(world, typ, status):
    """Row 30: what it sends through browsers must not speak for it."""
    older, now = Service(world, "older"), int(world.clock())
    claims = {"iss": "older", "sub": "older", "aud": older.issuer, "exp": now + 60, "jti": "one"}
    header = {"alg": "ES256", "kid": "s", **({} if typ is None else {"typ": typ})}
    form = {
        "token": "x",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(header, claims, KEY),
    }

    assert older.call("POST", f"{API}/introspect", form).status == status


ESSENTIAL = {
    "offered": ({"value": "eidas1"}, True),
    "one of them offered": ({"values": ["loa9", "eidas2"]}, True),
    "unknown": ({"value": "loa9"}, False),
    "not offered": ({"values": ["eidas3"]}, False),
    "no text": ({"value": 3}, False),
    "none named": ({}, True),
}


@pytest.mark.parametrize(("asked", "met"), ESSENTIAL.values(), ids=ESSENTIAL)
def test_an_essential_level_is_met_or_the_login_fails(sample, browser, asked, met):
    """OIDC Core §5.5.1.1: never answered by another level than those named."""
    claims = json.dumps({"id_token": {"acr": {"essential": True, **asked}}})
    answer = answered(sample, browser, claims=claims)

    assert answer.get("error") == (None if met else "unmet_authentication_requirements")


def test_one_value_in_a_list_names_the_person_as_well(sample, browser, world):
    """`values` of one is `value`."""
    known = sample.sub(browser)
    for wanted, error in ((known, None), ("somebody-else", "login_required")):
        claims = json.dumps({"id_token": {"sub": {"values": [wanted]}}})
        sample.start(browser, prompt="none", claims=claims)
        assert browser.sent_back().get("error") == error


def test_a_hint_and_a_claim_must_mean_one_person(sample, browser):
    """Else one of the two would be ignored."""
    tokens = sample.tokens(sample.login(browser)["code"])
    claims = json.dumps({"id_token": {"sub": {"value": "somebody-else"}}})
    sample.start(browser, prompt="none", id_token_hint=tokens["id_token"], claims=claims)
    answer = browser.sent_back()

    assert answer["error"] == "invalid_request"
    assert answer["error_description"].startswith("claims: sub is not the person")


PATHS = ["/token", "/introspect", "/token/revocation", "/par"]


@pytest.mark.parametrize("path", PATHS)
def test_no_parameter_of_a_call_comes_twice(sample, path):
    """RFC 6749 §3.2: not even the same value, at any endpoint for programs."""
    form = {**sample.params(), **sample.credentials(), "token": "x", "grant_type": "x"}
    twice = [*form.items(), ("client_secret", sample.secret)]
    answer = sample.call("POST", API + path, twice)

    assert answer.status == 400
    assert body(answer)["error_description"].startswith("client_secret: must come once")


@pytest.mark.parametrize("path", PATHS)
def test_a_call_says_nothing_in_its_address(sample, path):
    """Addresses are logged."""
    form = {**sample.params(), **sample.credentials(), "token": "x", "grant_type": "x"}

    assert sample.call("POST", f"{API}{path}?foo=bar", form).status == 400


def test_a_token_that_comes_twice_in_the_form_is_refused(sample, browser):
    """RFC 6750 §2: one way, one time."""
    token = sample.tokens(sample.login(browser)["code"])["access_token"]
    answer = sample.call("POST", f"{API}/userinfo", [("access_token", token)] * 2)

    assert answer.status == 400
    assert 'error="invalid_request"' in answer.header("www-authenticate")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer   ", "Basic eA==", "DPoP x"])
def test_a_header_without_a_bearer_token_is_none(sample, header):
    """401 without an error code (RFC 6750 §3.1)."""
    answer = sample.call("GET", f"{API}/userinfo", headers={"Authorization": header})

    assert (answer.status, answer.header("www-authenticate")) == (401, 'Bearer realm="broker"')


def test_a_service_without_a_secret_may_not_ask_what_a_token_is_worth(world, browser):
    """RFC 7662 §2.1 wants an authorized caller, and discovery names no `none` there."""
    public = Service(world, "public")
    token = public.tokens(public.login(browser)["code"], client_id="public")["access_token"]
    form = {"client_id": "public", "token": token}
    asked = public.call("POST", f"{API}/introspect", form)

    assert (asked.status, body(asked)["error"]) == (401, "invalid_client")
    assert public.call("POST", f"{API}/token/revocation", form).status == 200
    assert public.call("GET", f"{API}/userinfo", headers=bearer(token)).status == 401


MALFORMED = {
    "no base64": "%%%",
    "no UTF-8": base64.b64encode(b"\xff:\xff").decode(),
    "no colon": base64.b64encode(b"nothing").decode(),
    "empty": "",
}


@pytest.mark.parametrize("credentials", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_basic_header_is_a_failed_proof(sample, credentials):
    """RFC 6749 §5.2: whoever tries by the header is answered 401 with its challenge."""
    header = {"Authorization": f"Basic {credentials}"}
    answer = sample.call("POST", f"{API}/token", {"grant_type": "authorization_code"}, header)

    assert (answer.status, body(answer)["error"]) == (401, "invalid_client")
    assert answer.header("www-authenticate") == 'Basic realm="broker"'
