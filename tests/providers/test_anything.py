"""Whatever a provider says, the adapter answers with an arrival or with a fault of its own."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.faults import ProviderFault
from providers.http import CallFailedError, Reply
from providers.kinds import KINDS
from tests.providers.stage import on_stage
from tests.providers.upstream import CLAIRE, json_reply, unpadded

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["broker", "claire-1", "eidas1", "ES256", "none", "\x00", "é", "k1"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
ID_CLAIMS = ["iss", "sub", "aud", "azp", "exp", "iat", "nbf", "auth_time", "nonce", "acr", "amr"]
ID_CLAIMS += ["at_hash", "nonce_supported", "crit"]
HEADERS = [
    "alg",
    "kid",
    "typ",
    "cty",
    "crit",
    "jwk",
    "jku",
    "x5u",
    "x5c",
    "x5t",
    "b64",
    "zip",
    "p2c",
]
ENDPOINTS = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "pushed_authorization_request_endpoint",
    "end_session_endpoint",
    "authorization_response_iss_parameter_supported",
]
TOKEN = ["access_token", "token_type", "id_token", "expires_in", "error"]
JWK = ["kty", "use", "alg", "kid", "crv", "x", "y", "n", "e", "d", "key_ops", "x5c"]


def _arrives_or_faults(where, how, kind="oidc", **changes):
    stage = on_stage(kind, **changes)
    stage.upstream.lie(where, how)
    with suppress(ProviderFault):
        stage.login()
    with suppress(ProviderFault):
        stage.provider.logout_url("a.b.c", "https://broker.example/", "s")


def _changed(names):
    return st.dictionaries(st.sampled_from(names), VALUES, max_size=4)


@given(_changed(ID_CLAIMS))
def test_any_claims_of_the_id_token(changes):
    """No claim of any type breaks the checks of the ID token."""
    _arrives_or_faults("id_claims", lambda claims: {**claims, **changes})


@given(_changed([*CLAIRE, "sub", "iss", "aud", "email_verified"]))
@pytest.mark.parametrize("userinfo", ["json", "jwt"])
def test_any_claims_of_the_user_information(userinfo, changes):
    """No trait of any type breaks the reading of the identity."""
    _arrives_or_faults("userinfo", lambda claims: {**claims, **changes}, userinfo=userinfo)


@given(_changed(TOKEN))
def test_any_token_reply(changes):
    """No member of a token reply, of any type, breaks the redemption."""
    _arrives_or_faults("token", lambda reply: {**reply, **changes})


@given(_changed(ENDPOINTS))
def test_any_discovery_document(changes):
    """No member of a discovery document, of any type, breaks a login or a logout."""
    _arrives_or_faults("discovery", lambda d: {**d, **changes}, par=True, logout=True)


@given(_changed(JWK), st.sampled_from(["ES256", "RS256"]))
def test_any_key(changes, alg):
    """No member of a key, of any type, breaks the reading of keys."""

    def lied(document):
        return {"keys": [{**document["keys"][0], **changes}, changes]}

    _arrives_or_faults("jwks", lied, id_token_alg=alg)


@given(VALUES)
@pytest.mark.parametrize("where", ["discovery", "jwks", "par", "token", "userinfo"])
def test_any_json_at_all(where, value):
    """Any JSON in place of a document is a fault of that document."""
    reply = json_reply(value, 201 if where == "par" else 200)
    _arrives_or_faults(where, lambda _: reply, par=True)


@given(st.binary(max_size=80), st.integers(100, 599), st.text(max_size=20))
@pytest.mark.parametrize("where", ["discovery", "jwks", "par", "token", "userinfo"])
def test_any_bytes_and_status(where, body, status, content_type):
    """Any bytes, under any status and type, are a fault or an answer."""
    reply = Reply(status, {"content-type": content_type}, body)
    _arrives_or_faults(where, lambda _: reply, par=True, userinfo="jwt")


@given(st.text(max_size=30))
@pytest.mark.parametrize("where", ["discovery", "jwks", "token"])
def test_any_failure_of_the_network(where, reason):
    """A network that fails for a reason nobody declared is an unreachable one."""

    def fails(_):
        raise CallFailedError(reason)

    _arrives_or_faults(where, fails)


TOKENS = st.text("abcdefABCDEF0123456789-_.=", max_size=60) | st.builds(
    ".".join, st.lists(st.text("eyJ0A1-_", max_size=12), min_size=2, max_size=6)
)


@given(TOKENS | VALUES)
@pytest.mark.parametrize("kind", ["oidc", "mobile"])
def test_any_id_token(kind, token):
    """Anything in place of an ID token is malformed, encrypted or not."""
    _arrives_or_faults("id_token_sent", lambda _: token, kind)


@given(_changed(HEADERS))
@pytest.mark.parametrize("where", ["id_header", "userinfo_header"])
def test_any_header(where, changes):
    """No member of a token's header, of any type, breaks its opening."""

    def lied(header):
        told = {**header, **changes}
        return told if told["alg"] in ("ES256", "ES384", "ES512") else {**told, "alg": "ES256"}

    _arrives_or_faults(where, lied, userinfo="jwt")


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from(["code", "state", "iss", "error", "x"]), st.text(max_size=40))
)
@pytest.mark.parametrize("kind", KINDS)
def test_any_answer_at_the_callback(kind, answer):
    """Whatever the browser brings back is refused by name, without harm to the next login."""
    stage = on_stage(kind)
    with suppress(ProviderFault):
        stage.provider.arrive(answer, stage.trip())

    assert stage.login().identity == stage.expected


@given(
    st.text("eyJhbGciOiJFQ0RILUVTIn0-_.", max_size=80),
    st.dictionaries(
        st.sampled_from(
            ["alg", "enc", "epk", "apu", "apv", "zip", "kid", "iv", "tag", "p2s", "p2c"]
        ),
        VALUES | st.sampled_from(["ECDH-ES", "A256GCM", "dir", "RSA1_5", "PBES2-HS256+A128KW"]),
    ),
)
def test_any_encrypted_token(rest, changes):
    """No header of an encrypted token breaks its decryption."""
    header = json.dumps({"alg": "ECDH-ES", "enc": "A256GCM", **changes})

    def lied(token):
        from_honest = token.split(".")[1:]
        return ".".join(
            [unpadded(header.encode()), *(from_honest if not rest else [rest, "AA", "AA", "AA"])]
        )

    _arrives_or_faults("id_token_sent", lied, "mobile")
