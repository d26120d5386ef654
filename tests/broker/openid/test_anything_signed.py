"""Rows 40 and 41: assertions and request objects that are well signed and hold anything at all."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from sandbox.world import World
from tests.broker.openid.anything import Caller
from tests.service import API, Service

KEY = ECKey.generate_key("P-256", {"use": "sig", "kid": "s"}, private=True)
SIGNING = {
    "name": "Signing",
    "client_id": "signing",
    "client_auth": "private_key_jwt",
    "jwks": {"keys": [KEY.as_dict(private=False)]},
    "redirect_uris": ["http://localhost:8081/callback"],
    "scopes": ["openid"],
}
CURIOUS = [
    '"\\ud800"',
    '"a\\u0000b"',
    '"\\r\\nSet-Cookie: a=b"',
    '"<x5s onx=1>"',
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "9" * 400,
    "-" + "9" * 400,
    "true",
    "null",
    "[]",
    '["http://localhost:8000/api/v2"]',
    '[["http://localhost:8000/api/v2"]]',
    '{"a":{"b":"\\udfff"}}',
    '""',
    '"' + "x" * 5000 + '"',
]
jsons = st.one_of(
    st.sampled_from(CURIOUS),
    st.integers(min_value=1, max_value=1200).map(lambda depth: '{"a":' * depth + "1" + "}" * depth),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
        max_leaves=6,
    ).map(json.dumps),
)
ENVELOPE = ("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id")
INSIDE = ("redirect_uri", "state", "nonce", "scope", "claims", "max_age", "prompt", "request", "x")


@pytest.fixture(scope="module")
def service():
    """A service that signs what it sends."""
    with World.build({"clients": {"signing": SIGNING}}) as world:
        yield Service(world, "signing")


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service.world.broker, service.world.broker.url, (service.redirect_uri,))


def signed(claims, changed, header=None):
    """A JWS whose payload is written by hand, so that JSON can be as bad as JSON can be."""
    parts = {**{k: json.dumps(v) for k, v in claims.items()}, **changed}
    payload = "{" + ",".join(f"{json.dumps(k)}:{v}" for k, v in parts.items()) + "}"
    return jws.serialize_compact({"alg": "ES256", "kid": "s", **(header or {})}, payload, KEY)


@settings(max_examples=150, deadline=None)
@given(changed=st.dictionaries(st.sampled_from(ENVELOPE), jsons, min_size=1, max_size=2))
def test_a_signed_assertion_with_any_claim_is_no_fault_of_ours(service, caller, changed):
    """Times that are no times, half characters, lists in lists: a refusal in JSON, or a token."""
    now = int(service.world.clock())
    claims = {"iss": "signing", "sub": "signing", "aud": service.issuer, "exp": now + 60}
    claims["jti"] = f"jti-{abs(hash(str(changed)))}"
    proof = signed(claims, changed, {"typ": "client-authentication+jwt"})
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    answer = caller.send(
        "POST",
        f"{API}/introspect",
        f"token=x&client_assertion_type={kind}&client_assertion={proof}".encode(),
    )

    caller.check_program(answer)
    assert answer.status == 200 or b'"invalid_client"' in answer.body


@settings(max_examples=150, deadline=None)
@given(
    changed=st.dictionaries(st.sampled_from(ENVELOPE + INSIDE), jsons, min_size=1, max_size=2),
    mode=st.sampled_from(["query", "form_post"]),
)
def test_a_signed_request_with_any_claim_goes_home_or_is_shown(service, caller, changed, mode):
    """The object is well signed: whatever it holds, the browser sees a page or the service."""
    inside = {**service.params(response_mode=mode), "aud": service.issuer}
    outside = f"client_id=signing&redirect_uri={service.redirect_uri}"

    sent = f"{outside}&request={signed(inside, changed)}"

    caller.send("GET", f"{API}/authorize", sent.encode())


@pytest.mark.parametrize("mode", ["query", "form_post"])
@pytest.mark.parametrize("name", ["state", "nonce", "scope", "claims", "ui_locales", "login_hint"])
def test_half_a_character_in_a_signed_request_is_refused(service, caller, name, mode):
    """JSON can write what no address can carry (RFC 8259 §8.2): refused before it is returned."""
    inside = service.params(response_mode=mode, prompt="unheard-of")
    outside = f"client_id=signing&redirect_uri={service.redirect_uri}"

    answer = caller.send(
        "GET",
        f"{API}/authorize",
        f"{outside}&request={signed(inside, {name: CURIOUS[0]})}".encode(),
    )

    assert "invalid_request_object" in answer.header("location")


ENDLESS = [("exp", value) for value in ("NaN", "Infinity", "1e400", "true", "9" * 400)]


@pytest.mark.parametrize(("name", "value"), [*ENDLESS, ("jti", CURIOUS[0]), ("jti", '"\\u0000"')])
def test_an_assertion_that_cannot_be_used_once_is_refused(service, caller, name, value):
    """Row 22: a time that is no number of seconds, a jti that no table can hold."""
    claims = {"iss": "signing", "sub": "signing", "aud": service.issuer}
    claims |= {"jti": f"jti-{value[:9]}", "exp": int(service.world.clock()) + 60}
    proof = signed(claims, {name: value}, {"typ": "client-authentication+jwt"})
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    answer = caller.send(
        "POST",
        f"{API}/introspect",
        f"token=x&client_assertion_type={kind}&client_assertion={proof}".encode(),
    )

    assert answer.status == 401
