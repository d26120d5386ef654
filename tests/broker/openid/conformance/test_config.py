"""Config OP: what discovery and the key set say, and that it is true."""

import re
from urllib.parse import urlsplit

import pytest

from tests.service import API, body

REQUIRED = (
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "scopes_supported",
    "claims_supported",
)


@pytest.fixture
def metadata(op):
    return op.metadata()


def test_discovery_is_json_for_anyone(op):
    """oidcc-discovery-endpoint-verification: 200, JSON, cached for a while, without cookie."""
    answer = op.service.call("GET", f"{API}/.well-known/openid-configuration")

    assert answer.status == 200
    assert answer.header("content-type") == "application/json"
    assert answer.header("cache-control") == "public, max-age=600"
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.all("set-cookie") == []


def test_discovery_holds_what_is_required(op, metadata):
    """oidcc-discovery-endpoint-verification: every member, of the right kind, no slash lost."""
    assert set(REQUIRED) <= set(metadata)
    assert metadata["issuer"] == op.service.issuer
    assert not urlsplit(metadata["issuer"]).query + urlsplit(metadata["issuer"]).fragment
    assert "code" in metadata["response_types_supported"]
    assert "authorization_code" in metadata["grant_types_supported"]
    assert set(metadata["subject_types_supported"]) <= {"public", "pairwise"}
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]
    assert "RS256" in metadata["request_object_signing_alg_values_supported"]
    assert "openid" in metadata["scopes_supported"]
    assert {"sub", "iss", "auth_time", "acr"} <= set(metadata["claims_supported"])
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["claims_parameter_supported"] is True
    assert "registration_endpoint" not in metadata


def test_every_list_is_a_list_of_distinct_texts(metadata):
    """oidcc-discovery-endpoint-verification: syntax of scopes, locales and algorithms."""
    for name, value in metadata.items():
        if name.endswith(("_supported", "_locales")) and not isinstance(value, bool):
            assert value, name
            assert len(value) == len(set(value)), name
            assert all(isinstance(one, str) for one in value), name
    assert all(re.fullmatch(r"[\x21\x23-\x5B\x5D-\x7E]+", s) for s in metadata["scopes_supported"])
    assert all(re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", t) for t in metadata["ui_locales_supported"])


def test_every_endpoint_exists_under_the_issuer(op, metadata):
    """oidcc-discovery-endpoint-verification: absolute, ours, and not a 404."""
    for name, address in metadata.items():
        if name.endswith(("_endpoint", "jwks_uri")):
            assert address.startswith(op.service.issuer + "/"), name
            path = address.removeprefix(op.service.world.broker.url)
            assert op.service.call("OPTIONS", path).status == 200, name


def test_every_endpoint_is_https_where_the_address_is(make_world):
    """oidcc-discovery-endpoint-verification: the settings alone decide, never the request."""
    there = make_world({"broker": {"public_url": "https://passerelle.example"}})
    client = there.broker.app.test_client()

    told = client.get(f"{API}/.well-known/openid-configuration").json

    addresses = [v for k, v in told.items() if k.endswith(("_endpoint", "jwks_uri", "issuer"))]
    assert len(addresses) == 9
    assert all(address.startswith("https://passerelle.example/api/v2") for address in addresses)


def test_the_key_set_is_public_and_complete(op, metadata):
    """oidcc-discovery-endpoint-verification: one key for each algorithm, private parts kept."""
    keys = body(op.service.call("GET", f"{API}/jwks"))["keys"]

    assert {key["alg"] for key in keys} == set(metadata["id_token_signing_alg_values_supported"])
    assert len({key["kid"] for key in keys}) == len(keys)
    for key in keys:
        assert key["use"] == "sig"
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key)
        assert key["kty"] in {"EC", "RSA"}


@pytest.mark.parametrize("endpoint", ["token", "introspection", "revocation"])
def test_whoever_may_sign_is_told_with_what(metadata, endpoint):
    """RFC 8414 §2: where private_key_jwt is offered, its algorithms are named, and `none` never."""
    told = metadata[f"{endpoint}_endpoint_auth_signing_alg_values_supported"]

    assert "private_key_jwt" in metadata[f"{endpoint}_endpoint_auth_methods_supported"]
    assert "ES256" in told
    assert "none" not in told
