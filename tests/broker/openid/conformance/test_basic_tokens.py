"""Basic OP and Form Post OP: codes, tokens, userinfo and client authentication."""

import base64
import json

import pytest

from tests.broker.openid.conformance.conftest import Client
from tests.service import API, Service, bearer, body


def test_the_code_flow_gives_tokens_that_work(client, browser):
    """oidcc-server: a code, an ID token that passes every check, an access token for userinfo."""
    tokens, claims = client.flow(browser)

    assert client.userinfo(tokens)["sub"] == claims["sub"]


def test_a_client_may_post_its_secret(world, client, browser):
    """oidcc-server-client-secret-post: the same with client_secret_post."""
    posting = Client(Service(world, "post"), client.mode)

    tokens, claims = posting.flow(browser)

    assert posting.userinfo(tokens)["sub"] == claims["sub"]


def test_the_id_token_names_the_key_that_signed_it(client, browser):
    """oidcc-idtoken-signature: RS256 as registered, a kid of the published set."""
    tokens, _ = client.flow(browser)

    header = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[0] + "=="))
    published = {key["kid"] for key in body(client.service.call("GET", f"{API}/jwks"))["keys"]}
    assert header["alg"] == "RS256"
    assert header["kid"] in published


def test_no_id_token_goes_unsigned(client):
    """oidcc-idtoken-unsigned: `none` is not offered, so nobody can register for it."""
    metadata = client.metadata()

    for name in ("id_token", "userinfo", "request_object"):
        assert "none" not in metadata[f"{name}_signing_alg_values_supported"]


@pytest.mark.parametrize("way", ["get", "post-header", "post-body"])
def test_userinfo_takes_the_token_in_three_ways(client, browser, way):
    """oidcc-userinfo-get, oidcc-userinfo-post-header and oidcc-userinfo-post-body."""
    tokens, claims = client.flow(browser)
    token, call, path = tokens["access_token"], client.service.call, f"{API}/userinfo"

    answer = {
        "get": lambda: call("GET", path, headers=bearer(token)),
        "post-header": lambda: call("POST", path, headers=bearer(token)),
        "post-body": lambda: call("POST", path, {"access_token": token}),
    }[way]()

    assert answer.status == 200
    assert answer.header("content-type").startswith("application/json")
    assert body(answer)["sub"] == claims["sub"]


def test_a_code_serves_once(client, browser):
    """oidcc-codereuse: the second redemption is invalid_grant."""
    code = client.authorize(browser)["code"]
    client.checked(client.tokens(code))

    again = client.redeem(code)

    assert (again.status, body(again)["error"]) == (400, "invalid_grant")


def test_a_code_used_again_later_takes_its_token_with_it(world, client, browser):
    """oidcc-codereuse-30seconds: half a minute later it is refused and the token revoked."""
    code = client.authorize(browser)["code"]
    tokens = client.tokens(code)
    world.clock.advance(30)

    again = client.redeem(code)

    assert (again.status, body(again)["error"]) == (400, "invalid_grant")
    assert client.service.userinfo(tokens["access_token"]).status == 401


def test_a_good_challenge_succeeds(client, browser):
    """oidcc-ensure-request-with-valid-pkce-succeeds: S256, and the verifier proves it."""
    ordinary = client.service.params()
    answer = client.authorize(
        browser,
        code_challenge=ordinary["code_challenge"],
        code_challenge_method=ordinary["code_challenge_method"],
    )

    client.checked(client.tokens(answer["code"], code_verifier=client.service.verifier))


SCOPES = {
    "profile": ("openid profile", {"given_name", "family_name", "birthdate", "gender"}),
    "email": ("openid email", {"email"}),
    "address": ("openid address", set()),
    "phone": ("openid phone", set()),
    "all": ("openid profile email address phone", {"given_name", "family_name", "email"}),
    "other order": ("email openid", {"email"}),
}


@pytest.mark.parametrize(("scope", "claims"), SCOPES.values(), ids=SCOPES)
def test_a_scope_opens_its_claims_at_userinfo(client, browser, scope, claims):
    """
    Claims come from userinfo, not in the ID token; what is not offered is ignored.

    oidcc-scope-profile, oidcc-scope-email, oidcc-scope-address, oidcc-scope-phone, oidcc-scope-all
    and oidcc-ensure-other-scope-order-succeeds. Nobody upstream gives an address or a telephone
    number: discovery promises neither, and a request that holds them succeeds without.
    """
    tokens, claimed = client.flow(browser, scope=scope)
    told = client.userinfo(tokens)

    assert claims <= set(told)
    assert not claims & set(claimed)
    assert told["sub"] == claimed["sub"]
    assert not {"address", "phone"} & set(client.metadata()["scopes_supported"])
    assert ("email" in told) is ("email" in scope)


def test_an_essential_claim_is_returned(client, browser):
    """oidcc-claims-essential: asked for one by one, it comes with userinfo."""
    asked = json.dumps({"userinfo": {"family_name": {"essential": True}}})

    tokens, _ = client.flow(browser, claims=asked)

    assert client.userinfo(tokens)["family_name"] == "DURAND"


def test_an_essential_claim_nobody_has_does_no_harm(client, browser):
    """oidcc-claims-essential: the module asks for `name`, which no provider here knows."""
    asked = json.dumps({"userinfo": {"name": {"essential": True}}})

    tokens, claims = client.flow(browser, claims=asked)

    assert client.userinfo(tokens)["sub"] == claims["sub"]
